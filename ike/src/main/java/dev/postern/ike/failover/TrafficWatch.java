package dev.postern.ike.failover;

/// Traffic without answers as a trigger: packets go out and nothing comes back. Fed with the data
/// plane's counts from time to time; suspicion starts a liveness check and no more.
///
/// Some traffic has no answers. Where the gateway answers the checks and packets still go out
/// alone, the next check is twice as late, up to [#MOST_DOUBLINGS] times; one packet that comes
/// back begins anew.
public final class TrafficWatch {
    static final int MOST_DOUBLINGS = 3;

    private final long silenceNanos;
    private long lastOut;
    private long lastIn;
    private long unansweredSince;
    private boolean unanswered;
    private int vain;

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
            vain = 0;
        } else if (out != lastOut && !unanswered) {
            unanswered = true;
            unansweredSince = nowNanos;
        }
        lastIn = in;
        lastOut = out;
        if (silenceNanos == 0 || !unanswered || nowNanos - unansweredSince < silenceNanos << vain) {
            return false;
        }
        unanswered = false;
        vain = Math.min(MOST_DOUBLINGS, vain + 1);
        return true;
    }
}
