package dev.postern.ike.guard;

import dev.postern.ike.Now;

/// So many in each second, and no more.
public final class PerSecond {
    private final int limit;
    private long second = -1;
    private int taken;

    public PerSecond(int limit) {
        this.limit = limit;
    }

    /// Whether there is one left.
    public boolean take(Now now) {
        long current = now.nanos() / Now.NANOS_PER_SECOND;
        if (current != second) {
            second = current;
            taken = 0;
        }
        if (taken >= limit) {
            return false;
        }
        taken++;
        return true;
    }
}
