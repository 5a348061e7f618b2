package dev.postern.gateway.daemon;

import dev.postern.net.Prefix;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Which inner addresses and networks are here, by the Child SAs that lead to them: the first one
/// advertises, the last one withdraws. The kernel and hooks are spoken to on a thread of their own,
/// in order, so that no exchange waits for them.
final class ReturnPaths implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final ReturnPath path;
    private final Map<Prefix, Set<Integer>> childSas = new HashMap<>();
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("return-path").factory());

    ReturnPaths(ReturnPath path) {
        this.path = path;
    }

    void add(int inboundSpi, List<Prefix> networks) {
        for (Prefix network : networks) {
            Set<Integer> leading = childSas.computeIfAbsent(network, _ -> new HashSet<>(2));
            leading.add(inboundSpi);
            // Also when it was here already: another host may have claimed it meanwhile.
            tell(() -> path.advertise(network));
        }
    }

    void remove(int inboundSpi, List<Prefix> networks) {
        for (Prefix network : networks) {
            Set<Integer> leading = childSas.get(network);
            if (leading != null && leading.remove(inboundSpi) && leading.isEmpty()) {
                childSas.remove(network);
                tell(() -> path.withdraw(network));
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
        for (Prefix network : Set.copyOf(childSas.keySet())) {
            tell(() -> path.withdraw(network));
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
