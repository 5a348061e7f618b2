package dev.postern.gateway.daemon;

import dev.postern.cluster.LeasePermits;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/// Inner addresses that came with a takeover: the cluster notes, a few at a time, that they are
/// here now, so that the member whose share they are of does not give them to somebody else.
final class TakenLeases {
    private static final Logger LOG = LoggerFactory.getLogger(TakenLeases.class);
    private static final int AT_ONCE = 64;
    private static final int TRIES = 30;

    private final LeasePermits permits;
    private final Deque<Taken> waiting = new ArrayDeque<>();

    /// Those that the cluster did not note when it was asked.
    private final List<Taken> refused = new ArrayList<>();

    private boolean asking;

    private record Taken(InetAddress address, int tries) {}

    TakenLeases(LeasePermits permits) {
        this.permits = permits;
    }

    synchronized void add(Collection<InetAddress> addresses) {
        addresses.forEach(address -> waiting.add(new Taken(address, TRIES)));
    }

    /// Asks once more for what the cluster did not note, for nobody could say then.
    void askAgain() {
        synchronized (this) {
            waiting.addAll(refused);
            refused.clear();
        }
        ask();
    }

    /// Asks for what waits; from any thread.
    void ask() {
        boolean more = true;
        while (more) {
            List<Taken> next = next();
            List<InetAddress> addresses = next.stream().map(Taken::address).toList();
            more = !next.isEmpty() && permits.prepare(addresses, List.of(), () -> asked(next));
            if (more) {
                done(next);
            }
        }
    }

    private synchronized List<Taken> next() {
        List<Taken> next = new ArrayList<>(AT_ONCE);
        while (!asking && next.size() < AT_ONCE && !waiting.isEmpty()) {
            next.add(waiting.remove());
        }
        asking |= !next.isEmpty();
        return next;
    }

    private void asked(List<Taken> them) {
        done(them);
        ask();
    }

    private synchronized void done(List<Taken> them) {
        asking = false;
        List<String> givenUp = new ArrayList<>();
        for (Taken one : them) {
            if (permits.keep(one.address())) {
                continue;
            }
            if (one.tries() > 1) {
                refused.add(new Taken(one.address(), one.tries() - 1));
            } else {
                givenUp.add(one.address().getHostAddress());
            }
        }
        if (!givenUp.isEmpty()) {
            LOG.error(
                    "the cluster does not note that {} inner addresses are here, which came with a"
                            + " takeover: another member may give them to somebody else: {}",
                    givenUp.size(),
                    String.join(", ", givenUp));
        }
    }
}
