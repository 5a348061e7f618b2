package dev.postern.ike.failover;

import dev.postern.ike.Now;

/// How often a client moves at most, whatever happens around it (failover profile, "What a client
/// may never do").
///
/// @param firstDwellNanos how long it stays after a first move
/// @param longestDwellNanos what that grows to, twice as long with each move that follows soon
/// @param movesPerHour moves within an hour
/// @param resumesPerGateway resumes at one gateway within an hour; then a full exchange, for a
///   gateway that lets us in and carries nothing
/// @param returnAfterNanos how long the preferred gateway is left alone before it is tried again; 0
///   for never
public record CalmPolicy(
        long firstDwellNanos,
        long longestDwellNanos,
        int movesPerHour,
        int resumesPerGateway,
        long returnAfterNanos) {
    public static final CalmPolicy DEFAULT =
            new CalmPolicy(Now.NANOS_PER_SECOND, 300 * Now.NANOS_PER_SECOND, 20, 10, 0);

    public CalmPolicy {
        if (firstDwellNanos < 0
                || longestDwellNanos < firstDwellNanos
                || movesPerHour < 1
                || resumesPerGateway < 1
                || returnAfterNanos < 0) {
            throw new IllegalArgumentException("a calm client moves at least once in an hour");
        }
    }
}
