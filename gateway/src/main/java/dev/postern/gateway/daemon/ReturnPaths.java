package dev.postern.gateway.daemon;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Which inner addresses are here, by the Child SAs that lead to them: the first one advertises an
/// address, the last one withdraws it. The kernel and hooks are spoken to on a thread of their own,
/// in order, so that no exchange waits for them.
final class ReturnPaths implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final ReturnPath path;
    private final Map<InetAddress, Set<Integer>> childSas = new HashMap<>();
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("return-path").factory());

    ReturnPaths(ReturnPath path) {
        this.path = path;
    }

    void add(int inboundSpi, List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            Set<Integer> leading = childSas.computeIfAbsent(address, _ -> new HashSet<>(2));
            leading.add(inboundSpi);
            // Also when the address was here already: another host may have claimed it meanwhile.
            tell(() -> path.advertise(address));
        }
    }

    void remove(int inboundSpi, List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            Set<Integer> leading = childSas.get(address);
            if (leading != null && leading.remove(inboundSpi) && leading.isEmpty()) {
                childSas.remove(address);
                tell(() -> path.withdraw(address));
            }
        }
    }

    /// A hand-over between threads costs as much as a good part of an exchange: none for nothing.
    private void tell(Runnable news) {
        if (!(path instanceof NoReturnPath)) {
            worker.execute(news);
        }
    }

    /// Withdraws all and waits until that is done.
    @Override
    public void close() {
        for (InetAddress address : Set.copyOf(childSas.keySet())) {
            tell(() -> path.withdraw(address));
        }
        worker.shutdown();
        try {
            if (!worker.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
        path.close();
    }
}
