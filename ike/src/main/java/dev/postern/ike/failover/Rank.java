package dev.postern.ike.failover;

/// The place of a gateway among others, as RFC 2782 has it.
///
/// @param priority lower is better, 0 to 65535
/// @param weight its share among those of the same priority, 0 to 65535
public record Rank(int priority, int weight) {
    public static final int MAXIMUM = 65_535;

    /// After all that have a place of their own.
    public static final Rank LAST = new Rank(MAXIMUM, 1);

    public Rank {
        if (priority < 0 || priority > MAXIMUM || weight < 0 || weight > MAXIMUM) {
            throw new IllegalArgumentException(
                    "priority "
                            + priority
                            + " and weight "
                            + weight
                            + "; legal is 0 to "
                            + MAXIMUM
                            + " for each");
        }
    }
}
