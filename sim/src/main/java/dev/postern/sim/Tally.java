package dev.postern.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What many runs came to.
///
/// @param failures the outcomes in which a claim did not hold
public record Tally(
        int seeds,
        long faults,
        long simulatedNanos,
        long datagrams,
        long resumed,
        long established,
        List<Outcome> failures) {
    private static final double NANOS_PER_HOUR = 3.6e12;

    public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, List.of());

    public Tally {
        failures = List.copyOf(failures);
    }

    /// Runs the seeds `first`, `first + step` and so on below `end`, on the caller's thread.
    public static Tally of(long first, long end, long step) {
        Tally tally = NONE;
        for (long seed = first; seed < end; seed += step) {
            tally = tally.plus(Simulation.run(seed));
        }
        return tally;
    }

    public Tally plus(Outcome outcome) {
        List<Outcome> failed = new ArrayList<>(failures);
        if (outcome.failed()) {
            failed.add(outcome);
        }
        return new Tally(
                seeds + 1,
                faults + outcome.faults(),
                simulatedNanos + outcome.simulatedNanos(),
                datagrams + outcome.datagrams(),
                resumed + outcome.resumed(),
                established + outcome.established(),
                failed);
    }

    public Tally plus(Tally other) {
        List<Outcome> failed = new ArrayList<>(failures);
        failed.addAll(other.failures);
        return new Tally(
                seeds + other.seeds,
                faults + other.faults,
                simulatedNanos + other.simulatedNanos,
                datagrams + other.datagrams,
                resumed + other.resumed,
                established + other.established,
                failed);
    }

    public double simulatedHours() {
        return simulatedNanos / NANOS_PER_HOUR;
    }

    /// What the README's status table says of a test run.
    public String summary() {
        return String.format(
                Locale.ROOT,
                "%,d seeds in each test run: %,d faults injected, %.0f simulated hours, %d claims"
                        + " held",
                seeds,
                faults,
                simulatedHours(),
                Checkers.all().size() + Checkers.OF_THE_RUN.size());
    }

    /// One line for people.
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%,d seeds, %,d faults injected, %.1f simulated hours, %,d datagrams,"
                        + " %,d sessions set up of which %,d resumed, %d failed",
                seeds,
                faults,
                simulatedHours(),
                datagrams,
                established,
                resumed,
                failures.size());
    }
}
