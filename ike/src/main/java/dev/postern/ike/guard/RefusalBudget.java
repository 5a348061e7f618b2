package dev.postern.ike.guard;

import dev.postern.ike.Now;

import java.net.InetAddress;
import java.util.Arrays;

/// How many refusals in clear text go out in a second: so many to one source, and so many in all.
/// Such a refusal is shorter than what it answers, so nobody's flood grows by it; the bound keeps a
/// gateway from being the flood's mirror. While one source asks without end, another still gets its
/// answer: half of all is kept for the first answer to a source.
///
/// A client that gets none waits its few retransmissions out and runs a full exchange.
public final class RefusalBudget {
    public static final int PER_SOURCE = 200;
    public static final int IN_ALL = 10_000;

    private static final int SLOTS = 1 << 12;

    private final short[] toSource = new short[SLOTS];
    private final long secret;
    private long second = Long.MIN_VALUE;
    private int inAll;

    /// @param secret random, so that nobody finds sources that share a slot with another's
    public RefusalBudget(long secret) {
        this.secret = secret;
    }

    /// Whether one more may go to this source now; it is then counted.
    public boolean take(InetAddress source, long nowNanos) {
        long present = Math.floorDiv(nowNanos, Now.NANOS_PER_SECOND);
        if (present != second) {
            second = present;
            inAll = 0;
            Arrays.fill(toSource, (short) 0);
        }
        int slot = slot(source);
        int limit = toSource[slot] == 0 ? IN_ALL : IN_ALL / 2;
        if (inAll >= limit || toSource[slot] >= PER_SOURCE) {
            return false;
        }
        inAll++;
        toSource[slot]++;
        return true;
    }

    private int slot(InetAddress source) {
        return Mixing.slot(source, secret, SLOTS);
    }
}
