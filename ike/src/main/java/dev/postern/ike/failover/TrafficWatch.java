package dev.postern.ike.failover;

/// Traffic without answers as a trigger: packets go out and nothing comes back. Fed with the data
/// plane's counts from time to time; suspicion starts a liveness check and no more.
public final class TrafficWatch {
    private final long silenceNanos;
    private long lastOut;
    private long lastIn;
    private long unansweredSince;
    private boolean unanswered;

    /// @param silenceNanos how long unanswered traffic may be before it is suspicious; 0 switches
    ///   the watch off
    public TrafficWatch(long silenceNanos) {
        this.silenceNanos = silenceNanos;
    }

    /// Whether the peer is to be checked.
    ///
    /// @param out packets sealed so far
    /// @param in packets opened so far
    public boolean isSuspicious(long nowNanos, long out, long in) {
        if (in != lastIn || out < lastOut) {
            unanswered = false;
        } else if (out != lastOut && !unanswered) {
            unanswered = true;
            unansweredSince = nowNanos;
        }
        lastIn = in;
        lastOut = out;
        return silenceNanos > 0 && unanswered && nowNanos - unansweredSince >= silenceNanos;
    }
}
