package dev.postern.sim;

import java.util.stream.LongStream;

/// The fingerprints of some seeds, of each kind of run, one a line. A program of its own, so that
/// another process can be asked: whatever a run owes to the order of a hash table differs there.
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
                                PlanMaker.FIRST_CLUSTERED)
                        .flatMap(first -> LongStream.range(first, first + FURTHER));
        StringBuilder text = new StringBuilder();
        LongStream.concat(LongStream.rangeClosed(FIRST, LAST), further)
                .forEach(seed ->
                        text.append(seed)
                                .append(' ')
                                .append(Simulation.run(seed).fingerprint())
                                .append('\n'));
        return text.toString();
    }
}
