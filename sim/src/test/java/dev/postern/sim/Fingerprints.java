package dev.postern.sim;

import dev.postern.crypto.Hash;
import dev.postern.wire.Octets;

import java.nio.charset.StandardCharsets;

/// What some seeds of each kind of run come to, one a line: the fingerprint, and a SHA-256 of the
/// whole text of the trace. A program of its own, so that another process can be asked: whatever a
/// run owes to the order of a hash table differs there.
public final class Fingerprints {
    private static final long ORDINARY = 88;
    private static final long OTHERS = 3;

    private Fingerprints() {}

    public static void main(String[] args) {
        System.out.print(text());
    }

    static String text() {
        StringBuilder text = new StringBuilder();
        for (Family family : Family.values()) {
            long last = family == Family.ORDINARY ? ORDINARY : OTHERS;
            for (long n = 1; n <= last; n++) {
                Plan plan = PlanMaker.of(family.seed(n));
                Trace.Drawn drawn = Trace.draw(plan);
                text.append(plan.seed())
                        .append(' ')
                        .append(drawn.outcome().fingerprint())
                        .append(' ')
                        .append(digest(drawn.text()))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String digest(String trace) {
        return Octets.of(Hash.SHA_256.digest(trace.getBytes(StandardCharsets.UTF_8))).hex();
    }
}
