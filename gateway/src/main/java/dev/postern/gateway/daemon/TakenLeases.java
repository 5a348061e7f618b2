package dev.postern.gateway.daemon;

import dev.postern.cluster.LeasePermits;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/// Inner addresses that came with a takeover: the cluster notes, a few at a time, that they are
/// here now, so that the member whose share they are of does not give them to somebody else.
final class TakenLeases {
    private static final int AT_ONCE = 64;

    private final LeasePermits permits;
    private final Deque<InetAddress> waiting = new ArrayDeque<>();
    private boolean asking;

    TakenLeases(LeasePermits permits) {
        this.permits = permits;
    }

    synchronized void add(Collection<InetAddress> addresses) {
        waiting.addAll(addresses);
    }

    /// Asks for what waits; from any thread.
    void ask() {
        boolean more = true;
        while (more) {
            List<InetAddress> next = next();
            more = !next.isEmpty() && permits.prepare(next, List.of(), this::asked);
            if (more) {
                done();
            }
        }
    }

    private synchronized List<InetAddress> next() {
        List<InetAddress> next = new ArrayList<>(AT_ONCE);
        while (!asking && next.size() < AT_ONCE && !waiting.isEmpty()) {
            next.add(waiting.remove());
        }
        asking |= !next.isEmpty();
        return next;
    }

    private void asked() {
        done();
        ask();
    }

    private synchronized void done() {
        asking = false;
    }
}
