package dev.postern.ike.failover;

/// Notices that a tunnel has carried nothing for a while, from two counts that the data plane
/// keeps.
public final class IdleWatch {
    private final long patienceNanos;
    private long lastOut;
    private long lastIn;
    private long since = Long.MIN_VALUE;

    /// @param patienceNanos how long without a packet is idle; 0 switches the watch off
    public IdleWatch(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    /// Whether nothing has passed for long enough.
    ///
    /// @param out packets sealed so far
    /// @param in packets opened so far
    public boolean isIdle(long nowNanos, long out, long in) {
        if (since == Long.MIN_VALUE || out != lastOut || in != lastIn) {
            since = nowNanos;
            lastOut = out;
            lastIn = in;
        }
        return patienceNanos > 0 && nowNanos - since >= patienceNanos;
    }

    /// Another tunnel begins.
    public void restart() {
        since = Long.MIN_VALUE;
    }
}
