package dev.postern.gateway.daemon;

import dev.postern.ike.Now;
import dev.postern.ike.guard.Mixing;

import java.util.concurrent.atomic.AtomicIntegerArray;

/// So many of each in a second. A fixed table: two that share a slot share what one may have, and
/// nobody can choose with whom. For any thread.
final class Rations {
    private static final int SLOT_BITS = 16;
    private static final int COUNT_BITS = 8;
    private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;
    private static final int SECOND_MASK = -1 >>> COUNT_BITS;

    /// The second, and how many in it.
    private final AtomicIntegerArray table = new AtomicIntegerArray(1 << SLOT_BITS);

    private final long secret;
    private final int most;

    /// @param secret random, so that nobody can aim at another's slot
    /// @param most in a second, at most 255
    Rations(long secret, int most) {
        this.secret = secret;
        this.most = most;
    }

    /// Takes one, if there is one left in this second.
    boolean take(long key, long nowNanos) {
        int slot = (int) (Mixing.mix(secret ^ key) >>> (Long.SIZE - SLOT_BITS));
        int second = (int) Math.floorDiv(nowNanos, Now.NANOS_PER_SECOND) & SECOND_MASK;
        while (true) {
            int entry = table.get(slot);
            int taken = entry >>> COUNT_BITS == second ? entry & COUNT_MASK : 0;
            if (taken >= most) {
                return false;
            }
            if (table.compareAndSet(slot, entry, second << COUNT_BITS | taken + 1)) {
                return true;
            }
        }
    }
}
