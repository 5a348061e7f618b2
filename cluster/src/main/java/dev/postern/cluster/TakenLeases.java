package dev.postern.cluster;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// Inner addresses that came with a takeover: the cluster notes, a few at a time, that they are
/// here now, so that the member whose share they are of does not give them to somebody else.
/// Single-threaded.
public final class TakenLeases {
    private static final int AT_ONCE = 64;
    private static final int TRIES = 30;

    private final LeasePermits permits;
    private final Consumer<Runnable> later;
    private final Consumer<List<InetAddress>> unnoted;
    private final Deque<Taken> waiting = new ArrayDeque<>();

    /// Those that the cluster did not note when it was asked.
    private final List<Taken> refused = new ArrayList<>();

    private boolean asking;

    private record Taken(InetAddress address, int tries) {}

    /// @param later runs what the cluster has answered, on the one thread
    /// @param unnoted hears of addresses that the cluster has not noted when it was asked for them
    ///   thirty times; another member may give them to somebody else
    public TakenLeases(
            LeasePermits permits, Consumer<Runnable> later, Consumer<List<InetAddress>> unnoted) {
        this.permits = permits;
        this.later = later;
        this.unnoted = unnoted;
    }

    public void add(Collection<InetAddress> addresses) {
        addresses.forEach(address -> waiting.add(new Taken(address, TRIES)));
    }

    /// Asks once more for what the cluster did not note, for nobody could say then.
    public void askAgain() {
        waiting.addAll(refused);
        refused.clear();
        ask();
    }

    /// Asks for what waits.
    public void ask() {
        boolean more = true;
        while (more) {
            List<Taken> next = next();
            List<InetAddress> addresses = next.stream().map(Taken::address).toList();
            more =
                    !next.isEmpty()
                            && permits.prepare(
                                    addresses, List.of(), () -> later.accept(() -> asked(next)));
            if (more) {
                done(next);
            }
        }
    }

    private List<Taken> next() {
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

    private void done(List<Taken> them) {
        asking = false;
        List<InetAddress> givenUp = new ArrayList<>(0);
        for (Taken one : them) {
            if (permits.keep(one.address())) {
                continue;
            }
            if (one.tries() > 1) {
                refused.add(new Taken(one.address(), one.tries() - 1));
            } else {
                givenUp.add(one.address());
            }
        }
        if (!givenUp.isEmpty()) {
            unnoted.accept(givenUp);
        }
    }
}
