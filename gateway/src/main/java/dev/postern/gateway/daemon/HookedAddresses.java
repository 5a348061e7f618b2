package dev.postern.gateway.daemon;

import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Shared addresses with a program that is told of them, in order. Where the kernel moves them, the
/// program is only told, on a thread of its own: one that hangs must not keep us from extending the
/// addresses' lifetime. Where there is nobody else, it is the one that moves them and is waited
/// for.
final class HookedAddresses implements SharedAddresses {
    /// Two runs: that which hangs, and the last one.
    private static final long PATIENCE_SECONDS = 21;

    private final @Nullable SharedAddresses kernel;
    private final @Nullable HookProgram hook;
    private final List<Prefix> addresses;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("shared-address-hook").factory());

    HookedAddresses(@Nullable SharedAddresses kernel, @Nullable Path hook, List<Prefix> addresses) {
        this.kernel = kernel;
        this.hook = hook == null ? null : new HookProgram(hook);
        this.addresses = List.copyOf(addresses);
    }

    @Override
    public void raise(int epoch) throws IOException {
        if (kernel != null) {
            kernel.raise(epoch);
        }
        tell("take", String.valueOf(epoch));
    }

    @Override
    public void renew() throws IOException {
        if (kernel != null) {
            kernel.renew();
        }
    }

    @Override
    public void announce() throws IOException {
        if (kernel != null) {
            kernel.announce();
        }
    }

    @Override
    public void lower() throws IOException {
        try {
            if (kernel != null) {
                kernel.lower();
            }
        } finally {
            tell("give");
        }
    }

    private void tell(String... words) {
        HookProgram program = hook;
        if (program == null) {
            return;
        }
        List<String> line = new ArrayList<>(List.of(words));
        addresses.forEach(address -> line.add(address.toString()));
        Future<?> run = thread.submit(() -> program.run(line));
        if (kernel == null) {
            await(run);
        }
    }

    private static void await(Future<?> run) {
        try {
            run.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /// Waits until the program has been told the last of it.
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (kernel != null) {
            kernel.close();
        }
    }
}
