package dev.postern.bench;

import java.util.Locale;

/// CPU time of the gateway's endpoint alone, without sockets, queues and data plane: what the state
/// machine and its cryptography cost per handshake and per 1-RTT resume. `EndpointCost [ROUNDS]`.
public final class EndpointCost {
    private static final int RESUMES_PER_SESSION = 14;

    private EndpointCost() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        EndpointPair pair = new EndpointPair();
        for (int warm = 0; warm < 3; warm++) {
            measure(pair, rounds, warm == 2);
        }
    }

    private static void measure(EndpointPair pair, int rounds, boolean tell) {
        long handshakes = 0;
        long resumes = 0;
        for (int round = 0; round < rounds; round++) {
            pair.takeGatewayNanos();
            pair.handshake();
            handshakes += pair.takeGatewayNanos();
            for (int i = 0; i < RESUMES_PER_SESSION; i++) {
                pair.resume();
            }
            resumes += pair.takeGatewayNanos();
            pair.delete();
        }
        if (tell) {
            System.out.printf(Locale.ROOT, "handshake %.1f us%n", handshakes / 1000.0 / rounds);
            System.out.printf(
                    Locale.ROOT,
                    "1-RTT resume and confirmation %.1f us%n",
                    resumes / 1000.0 / rounds / RESUMES_PER_SESSION);
        }
    }
}
