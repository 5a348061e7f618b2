package dev.postern.ike;

/// One instant, as the outside sees it when it hands in an input.
///
/// @param nanos monotonic nanoseconds with an arbitrary origin: for timers
/// @param epochSeconds seconds since 1970 UTC: for tickets, which other machines read
public record Now(long nanos, long epochSeconds) {
    public static final long NANOS_PER_MILLI = 1_000_000;
    public static final long NANOS_PER_SECOND = 1_000_000_000;

    public Now plusNanos(long more) {
        return new Now(nanos + more, epochSeconds + more / NANOS_PER_SECOND);
    }
}
