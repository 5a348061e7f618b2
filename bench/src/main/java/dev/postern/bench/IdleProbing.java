package dev.postern.bench;

import dev.postern.ike.Counter;

import java.util.Locale;

/// What the liveness checks of idle clients cost a gateway: CPU time of its endpoint for each check
/// that it answers, with all sessions present and checked in turn, without sockets and queues.
/// `IdleProbing [SESSIONS [ROUNDS]]`.
public final class IdleProbing {
    private static final int CLIENTS = 100_000;
    private static final int[] IDLE_SECONDS = {5, 60, 300};

    private IdleProbing() {}

    public static void main(String[] arguments) {
        int sessions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : CLIENTS;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        EndpointPair pair = new EndpointPair();
        long[] handles = new long[sessions];
        for (int i = 0; i < sessions; i++) {
            handles[i] = pair.handshake();
        }
        double best = Double.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            pair.takeGatewayNanos();
            for (long handle : handles) {
                pair.probe(handle);
            }
            best = Math.min(best, (double) pair.takeGatewayNanos() / sessions);
        }
        if (pair.gateway().size() != sessions
                || pair.client().counters().get(Counter.DROPPED_UNWANTED_RESPONSE) != 0) {
            throw new IllegalStateException("not every check was answered");
        }
        System.out.printf(Locale.ROOT, "%.1f us a check, %d sessions%n", best / 1_000, sessions);
        for (int idle : IDLE_SECONDS) {
            double checksInAnHour = 3_600.0 / idle * CLIENTS;
            System.out.printf(
                    Locale.ROOT,
                    "%d idle clients, a check in %d s: %.0f a second, %.0f s of CPU an hour,"
                            + " %.1f %% of a core%n",
                    CLIENTS,
                    idle,
                    (double) CLIENTS / idle,
                    checksInAnHour * best / 1e9,
                    checksInAnHour * best / 1e9 / 36);
        }
    }
}
