package dev.postern.radius;

/// How patient a [RadiusClient] is.
///
/// @param firstWaitNanos from the first transmission to the second; each further wait is twice as
///   long, with a tenth of jitter (RFC 5080 section 2.2.1)
/// @param tries transmissions to one server before it is given up on for this request
/// @param deadTimeNanos how long a server that left a request unanswered is passed over; doubled
///   each time it fails again
/// @param longestDeadTimeNanos where that doubling ends
/// @param channels UDP sockets, each of which can have 256 requests outstanding at each server
/// @param waitingLimit requests that wait for a free identifier at most; more are refused
public record RetryPolicy(
        long firstWaitNanos,
        int tries,
        long deadTimeNanos,
        long longestDeadTimeNanos,
        int channels,
        int waitingLimit) {
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(
                    Moment.NANOS_PER_SECOND,
                    3,
                    30 * Moment.NANOS_PER_SECOND,
                    480 * Moment.NANOS_PER_SECOND,
                    8,
                    16_384);

    long waitAfter(int transmissions) {
        return firstWaitNanos << Math.min(transmissions - 1, 16);
    }
}
