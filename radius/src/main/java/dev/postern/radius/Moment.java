package dev.postern.radius;

/// One instant, as the outside sees it.
///
/// @param nanos monotonic nanoseconds with an arbitrary origin: for timers
/// @param epochSeconds seconds since 1970 UTC: for Event-Timestamp and Acct-Delay-Time
public record Moment(long nanos, long epochSeconds) {
    public static final long NANOS_PER_SECOND = 1_000_000_000;

    public Moment plusNanos(long more) {
        return new Moment(nanos + more, epochSeconds + more / NANOS_PER_SECOND);
    }
}
