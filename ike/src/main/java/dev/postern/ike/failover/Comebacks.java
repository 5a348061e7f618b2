package dev.postern.ike.failover;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/// How soon a client comes back whose session has ended. A gateway that lets it in and sends it
/// away at once, by a Delete, by parking it or because somebody has it crash again and again, is a
/// failure like one that does not answer: each such end in a row doubles the wait, with full jitter
/// ([RetryPolicy]), and within any hour there are [#BOUND] of them at most, or as many as the
/// client may move where that is more ([CalmPolicy]): who is to move less must still come back. A
/// session that has lasted is no part of that. Nor are gateways that have not done so lately
/// ([Standings]): they are gone to without such a wait.
final class Comebacks {
    /// A session that ends before this has not lasted.
    static final long LASTING_NANOS = 300 * Now.NANOS_PER_SECOND;

    /// Nobody is idle who has just come.
    private static final long IDLE_NANOS = 10 * Now.NANOS_PER_SECOND;

    /// By then our own parking is answered, or given up.
    private static final long OWN_NANOS = 30 * Now.NANOS_PER_SECOND;

    /// Of an hour.
    static final int BOUND = 20;

    private static final long HOUR_NANOS = 3_600 * Now.NANOS_PER_SECOND;

    /// How long a session was, for what follows from it.
    enum Stay {
        /// A failure.
        BRIEF,
        /// Neither.
        ORDINARY,
        LASTING
    }

    private final CalmPolicy policy;
    private final Deque<Long> ends = new ArrayDeque<>();
    private long since;
    private long wishedAt = -OWN_NANOS;
    private int inARow;

    Comebacks(CalmPolicy policy) {
        this.policy = policy;
    }

    /// A session begins to serve.
    void arrived(Now now) {
        since = now.nanos();
    }

    /// It is about to rest because we want it to.
    void wished(Now now) {
        wishedAt = now.nanos();
    }

    /// It serves no more.
    Stay ended(Now now, CloseReason reason) {
        if (now.nanos() - wishedAt < OWN_NANOS) {
            return Stay.ORDINARY;
        }
        long lasted = now.nanos() - since;
        // A gateway parks whom it has not heard for a while, as often as that is so.
        boolean brief = lasted < (reason == CloseReason.PARKED ? IDLE_NANOS : LASTING_NANOS);
        if (brief) {
            inARow++;
            ends.add(now.nanos());
            return Stay.BRIEF;
        }
        if (lasted >= LASTING_NANOS) {
            inARow = 0;
            return Stay.LASTING;
        }
        return Stay.ORDINARY;
    }

    /// Whether there is one more within the hour.
    boolean isWithinBound(Now now) {
        while (!ends.isEmpty() && now.nanos() - ends.peek() >= HOUR_NANOS) {
            ends.remove();
        }
        return ends.size() < Math.max(BOUND, policy.movesPerHour());
    }

    /// Has the client wait before it comes back; null where it may at once.
    ///
    /// @param atOnce whether the gateway is there for certain, and takes us: once that is believed
    /// @param elsewhere whether there is a gateway that is not avoided: it has nothing to do with
    ///   that
    @Nullable Event await(
            Now now, RetryTimer retry, int failedRounds, boolean atOnce, boolean elsewhere) {
        boolean spent = !isWithinBound(now);
        if (atOnce && inARow <= 1 && !spent) {
            return null;
        }
        int rounds = Math.max(failedRounds, inARow);
        if (elsewhere) {
            return retry.afterRounds(now, Math.min(rounds, 1));
        }
        Event scheduled = retry.afterRounds(now, rounds);
        return spent && retry.deadline() < ends.getFirst() + HOUR_NANOS
                ? retry.until(now, ends.getFirst() + HOUR_NANOS)
                : scheduled;
    }
}
