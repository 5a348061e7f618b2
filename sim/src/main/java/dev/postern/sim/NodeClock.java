package dev.postern.sim;

import dev.postern.ike.Now;

/// The clocks of one machine, which may run fast or slow and show the wrong time of day.
final class NodeClock {
    /// 2026-01-01, in seconds since 1970.
    static final long EPOCH = 1_767_225_600L;

    private long since;
    private long nanosThen = 1_000 * Now.NANOS_PER_SECOND;
    private double rate = 1;
    private long offsetSeconds;

    Now at(long instant) {
        long nanos = local(instant);
        return new Now(nanos, EPOCH + nanos / Now.NANOS_PER_SECOND - 1_000 + offsetSeconds);
    }

    private long local(long instant) {
        return nanosThen + (long) ((instant - since) * rate);
    }

    /// The first instant at which this clock shows `nanos` or more.
    long instantOf(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        long instant = since + (long) Math.ceil((nanos - nanosThen) / rate);
        while (local(instant) < nanos) {
            instant++;
        }
        return instant;
    }

    void drift(long instant, int partsPerMillion) {
        nanosThen = local(instant);
        since = instant;
        rate = 1 + partsPerMillion / 1e6;
    }

    void showWrongBy(long seconds) {
        offsetSeconds = seconds;
    }
}
