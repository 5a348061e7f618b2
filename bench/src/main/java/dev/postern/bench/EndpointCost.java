package dev.postern.bench;

import dev.postern.ike.Counter;

import java.util.Locale;

/// CPU time of the gateway's endpoint alone, without sockets, queues and data plane: what the state
/// machine and its cryptography cost per handshake and per 1-RTT resume. `EndpointCost [ROUNDS]`.
public final class EndpointCost {
    private static final int RESUMES_PER_SESSION = 14;

    private EndpointCost() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        for (boolean oneRoundTrip : new boolean[] {true, false}) {
            EndpointPair pair = new EndpointPair(oneRoundTrip);
            for (int warm = 0; warm < 3; warm++) {
                measure(
                        pair,
                        rounds,
                        warm == 2,
                        oneRoundTrip
                                ? "1-RTT resume and confirmation"
                                : "RFC 5723 resume, both exchanges");
            }
        }
    }

    private static void measure(EndpointPair pair, int rounds, boolean tell, String what) {
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
        long resumed =
                pair.gateway().counters().get(Counter.ESTABLISHED_RESUMED_1RTT)
                        + pair.gateway().counters().get(Counter.ESTABLISHED_RESUMED_RFC_5723);
        if (resumed % ((long) rounds * RESUMES_PER_SESSION) != 0) {
            throw new IllegalStateException("only " + resumed + " resumes went well");
        }
        if (tell) {
            System.out.printf(Locale.ROOT, "handshake %.1f us%n", handshakes / 1000.0 / rounds);
            System.out.printf(
                    Locale.ROOT,
                    "%s %.1f us%n",
                    what,
                    resumes / 1000.0 / rounds / RESUMES_PER_SESSION);
        }
    }
}
