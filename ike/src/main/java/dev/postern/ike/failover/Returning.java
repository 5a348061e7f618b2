package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.wire.Octets;

/// When a client that was driven away from its preferred gateway tries that one again: after the
/// time that policy says and by chance up to half as long more, and after each vain try twice as
/// late, up to sixteen times.
final class Returning {
    private static final int MOST_DOUBLINGS = 4;
    private static final long TICKET_PATIENCE_NANOS = 10 * Now.NANOS_PER_SECOND;

    private final long afterNanos;
    private final Entropy entropy;
    private long at = Long.MAX_VALUE;
    private int vain;
    private int disappointments;
    private boolean awaitsTicket;

    Returning(long afterNanos, Entropy entropy) {
        this.entropy = entropy;
        this.afterNanos = afterNanos;
    }

    /// The session is at a gateway now.
    void settled(Now now, boolean preferred) {
        awaitsTicket = false;
        vain = disappointments;
        at = preferred ? Long.MAX_VALUE : next(now);
    }

    /// The preferred gateway took us and carried nothing: the next time is as far as if it had not
    /// taken us.
    void disappoint() {
        disappointments = Math.min(MOST_DOUBLINGS, disappointments + 1);
    }

    /// It carries something.
    void trust() {
        disappointments = 0;
    }

    /// The preferred gateway did not take us.
    void failed(Now now) {
        awaitsTicket = false;
        vain = Math.min(MOST_DOUBLINGS, vain + 1);
        at = next(now);
    }

    /// There is nothing to resume by; a ticket was asked for. It is waited for once.
    private void awaitTicket(Now now) {
        if (awaitsTicket) {
            failed(now);
        } else {
            awaitsTicket = true;
            at = now.nanos() + TICKET_PATIENCE_NANOS;
        }
    }

    /// Something else is going on; there will be another gateway to settle at.
    void cancel() {
        at = Long.MAX_VALUE;
    }

    /// Tries the preferred gateway when that is due, by a resume alone, while another one serves us
    /// well.
    void wakeUp(Now now, Course course, Calm calm, HeldSession held) {
        if (at > now.nanos()) {
            return;
        }
        long mayMoveAt = calm.mayMoveAt(now);
        Primary current = course.primary();
        if (current == null || !course.isQuiet()) {
            failed(now);
        } else if (!held.canResume(now)) {
            awaitTicket(now);
            course.pass(now, new Input.AskForTicket(current.handle()));
        } else if (mayMoveAt > now.nanos()) {
            at = mayMoveAt;
        } else {
            cancel();
            course.lookIn(now, current);
        }
    }

    long deadline() {
        return at;
    }

    private long next(Now now) {
        if (afterNanos == 0) {
            return Long.MAX_VALUE;
        }
        long wait = afterNanos << vain;
        long chance = (Octets.of(entropy.octets(8)).toLong(0) >>> 1) % (wait / 2 + 1);
        return now.nanos() + wait + chance;
    }
}
