package dev.postern.sim;

import org.jspecify.annotations.Nullable;

/// What came of a run.
///
/// @param violation null where every claim held
/// @param fingerprint the same for two runs that were the same, octet by octet
/// @param steps inputs that endpoints have handled
public record Outcome(
        Plan plan,
        @Nullable Violation violation,
        long fingerprint,
        long simulatedNanos,
        int faults,
        long steps,
        long datagrams,
        int resumed,
        int established,
        int packetsDelivered) {
    public boolean failed() {
        return violation != null;
    }

    /// For a failing test: the seed, the claim and the command that shows the run.
    public String describe() {
        return violation == null
                ? "seed " + plan.seed() + ": every claim held"
                : "seed "
                        + plan.seed()
                        + ": "
                        + violation.describe()
                        + "\n    ./postern replay "
                        + plan.seed()
                        + " --shrink";
    }
}
