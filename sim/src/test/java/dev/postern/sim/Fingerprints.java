package dev.postern.sim;

import dev.postern.crypto.Hash;
import dev.postern.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/// What some seeds of each kind of run come to, one a line: the fingerprint, and a SHA-256 of the
/// whole text of the trace. A program of its own, so that another process can be asked: whatever a
/// run owes to the order of a hash table differs there.
public final class Fingerprints {
    private static final long FIRST = 1;
    private static final long LAST = 88;
    private static final long FURTHER = 3;

    private Fingerprints() {}

    public static void main(String[] args) {
        System.out.print(text());
    }

    static String text() {
        LongStream further =
                LongStream.of(
                                -FURTHER,
                                PlanMaker.FIRST_HOT,
                                PlanMaker.FIRST_LOOSE,
                                PlanMaker.FIRST_CLUSTERED,
                                PlanMaker.FIRST_CONTENDED)
                        .flatMap(first -> LongStream.range(first, first + FURTHER));
        StringBuilder text = new StringBuilder();
        LongStream.concat(LongStream.rangeClosed(FIRST, LAST), further)
                .forEach(seed -> {
                    Trace.Drawn drawn = Trace.draw(PlanMaker.of(seed));
                    text.append(seed)
                            .append(' ')
                            .append(drawn.outcome().fingerprint())
                            .append(' ')
                            .append(digest(drawn.text()))
                            .append('\n');
                });
        return text.toString();
    }

    private static String digest(String trace) {
        return Octets.of(Hash.SHA_256.digest(trace.getBytes(StandardCharsets.UTF_8))).hex();
    }
}
