package dev.postern.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Locale;

/// Live heap of the gateway's control plane per idle session, an IKE SA with one Child SA.
/// `SessionMemory [SESSIONS]`.
public final class SessionMemory {
    private SessionMemory() {}

    public static void main(String[] arguments) {
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        EndpointPair pair = new EndpointPair();
        // Whatever a first session makes once stays out of the account.
        pair.handshake();
        pair.forget();
        long before = liveHeap();
        for (int i = 0; i < sessions; i++) {
            pair.handshake();
            pair.forget();
        }
        long held = liveHeap() - before;
        if (pair.gateway().size() != sessions + 1) {
            throw new IllegalStateException(
                    "the gateway holds " + pair.gateway().size() + " IKE SAs of " + sessions);
        }
        System.out.printf(
                Locale.ROOT,
                "%d sessions, %.0f octets of live heap each%n",
                sessions,
                (double) held / sessions);
    }

    private static long liveHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            memory.gc();
            least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
