package dev.postern.ike.exchange;

import dev.postern.ike.Now;

import java.util.HashMap;
import java.util.Map;

/// How often an IKE SA speaks of Child SAs that one side lacks, see [InvalidSpi].
final class Mending {
    /// What the peer is told of at most every ten seconds, and ever more rarely where it had no
    /// such Child SA: somebody else has sent the packets.
    private static final long TELL_NANOS = 10 * Now.NANOS_PER_SECOND;

    private static final int MOST_DOUBLINGS = 6;

    /// A Child SA that was made for one that the peer lacks, and is lacking too so soon, does not
    /// have a successor at once.
    private static final long CALM_NANOS = 30 * Now.NANOS_PER_SECOND;

    private static final int MOST_IN_SUCCESSION = 4;

    enum When {
        AT_ONCE,
        LATER,
        NEVER
    }

    private long mayTellAt = Long.MIN_VALUE;
    private int doublings;
    private long mayProveAt = Long.MIN_VALUE;
    private final Map<Duty, Succession> successions = new HashMap<>();

    /// @param calmAt when the next one begins anew
    /// @param length how many were made of the same, each soon after the one before
    private record Succession(long calmAt, int length) {}

    boolean mayTell(Now now) {
        return now.nanos() >= mayTellAt;
    }

    void told(Now now) {
        mayTellAt = now.nanos() + (TELL_NANOS << doublings);
        doublings = Math.min(doublings + 1, MOST_DOUBLINGS);
    }

    /// The peer had it: there may be more.
    ///
    /// @return whether it is time to look at our own ones
    boolean isProven(Now now) {
        doublings = 0;
        mayTellAt = now.nanos();
        if (now.nanos() < mayProveAt) {
            return false;
        }
        mayProveAt = now.nanos() + CALM_NANOS;
        return true;
    }

    /// One is to be made in place of one that the peer lacks. How soon depends on what was made of
    /// the same before; more at once than an IKE SA may have are made by nobody in good faith.
    When mended(Now now, Duty anew) {
        successions.values().removeIf(former -> now.nanos() >= former.calmAt());
        Succession former = successions.get(anew);
        int length = former == null ? 1 : former.length() + 1;
        if (length > MOST_IN_SUCCESSION
                || (former == null && successions.size() == ChildSas.MAXIMUM)) {
            return When.NEVER;
        }
        successions.put(anew, new Succession(now.nanos() + CALM_NANOS, length));
        return former == null ? When.AT_ONCE : When.LATER;
    }
}
