package dev.postern.ike.guard;

import dev.postern.ike.Now;

import java.net.InetAddress;
import java.util.Arrays;

/// What was counted in the present second, in all and for each source. A fixed table: sources that
/// share a slot share a count.
final class SecondTally {
    private static final int SLOTS = 1 << 12;

    private final short[] ofSource = new short[SLOTS];
    private final int prefixOctets;
    private final long secret;
    private long second = Long.MIN_VALUE;
    private int inAll;

    /// @param prefixOctets how much of an address makes a source
    /// @param secret random, so that nobody finds sources that share a slot with another's
    SecondTally(int prefixOctets, long secret) {
        this.prefixOctets = prefixOctets;
        this.secret = secret;
    }

    int inAll(long nowNanos) {
        turnTo(nowNanos);
        return inAll;
    }

    int of(InetAddress source, long nowNanos) {
        turnTo(nowNanos);
        return ofSource[slot(source)];
    }

    void count(long nowNanos) {
        turnTo(nowNanos);
        inAll++;
    }

    /// Counts for a source alone.
    ///
    /// @param most the count that stays
    void count(InetAddress source, int most, long nowNanos) {
        turnTo(nowNanos);
        int slot = slot(source);
        if (ofSource[slot] < most) {
            ofSource[slot]++;
        }
    }

    private void turnTo(long nowNanos) {
        long present = Math.floorDiv(nowNanos, Now.NANOS_PER_SECOND);
        if (present != second) {
            second = present;
            inAll = 0;
            Arrays.fill(ofSource, (short) 0);
        }
    }

    private int slot(InetAddress source) {
        return Mixing.slot(source, prefixOctets, secret, SLOTS);
    }
}
