package dev.postern.ike.failover;

import dev.postern.ike.Now;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// Keeps a client from running to and fro. After each move it dwells; a move that comes before it
/// has stayed four times as long doubles the dwell, a longer stay sets it back (the hysteresis),
/// and in any hour there are only so many moves.
final class Calm {
    private static final long HOUR_NANOS = 3_600 * Now.NANOS_PER_SECOND;
    private static final int SOON = 4;
    private static final int NOWHERE = -1;

    private final CalmPolicy policy;
    private final Deque<Long> moves = new ArrayDeque<>();
    private final Map<Integer, Deque<Long>> resumes = new HashMap<>();
    private long dwell;
    private int served = NOWHERE;

    Calm(CalmPolicy policy) {
        this.policy = policy;
        this.dwell = policy.firstDwellNanos();
    }

    /// A gateway has let the client in.
    ///
    /// @param left whether another IKE SA served it until now
    /// @param commanded whether the user or an application wants it there, which is nothing that an
    ///   adversary could bring about: it uses up none of the moves
    void arrived(Attempt attempt, boolean left, boolean commanded, Now now) {
        if (attempt.resume()) {
            resumed(attempt.gateway(), now);
        }
        if (!commanded && served != NOWHERE && (left || served != attempt.gateway())) {
            moved(now);
        }
        served = attempt.gateway();
    }

    /// The client has left a gateway for another one, or set its session up anew.
    void moved(Now now) {
        forgetBefore(moves, now);
        if (!moves.isEmpty()) {
            boolean soon = now.nanos() - moves.getLast() < SOON * dwell;
            dwell =
                    soon
                            ? Math.min(policy.longestDwellNanos(), 2 * dwell)
                            : policy.firstDwellNanos();
        }
        moves.add(now.nanos());
    }

    /// When it may leave again; not after `now` where it may at once.
    long mayMoveAt(Now now) {
        forgetBefore(moves, now);
        if (moves.isEmpty()) {
            return now.nanos();
        }
        long rested = moves.getLast() + dwell;
        return moves.size() < policy.movesPerHour()
                ? rested
                : Math.max(rested, moves.getFirst() + HOUR_NANOS);
    }

    /// A gateway has resumed the session.
    void resumed(int gateway, Now now) {
        resumes.computeIfAbsent(gateway, _ -> new ArrayDeque<>()).add(now.nanos());
    }

    /// Whether another resume there is within its budget.
    boolean mayResume(int gateway, Now now) {
        Deque<Long> lately = resumes.get(gateway);
        if (lately == null) {
            return true;
        }
        forgetBefore(lately, now);
        return lately.size() < policy.resumesPerGateway();
    }

    private static void forgetBefore(Deque<Long> instants, Now now) {
        while (!instants.isEmpty() && now.nanos() - instants.peek() >= HOUR_NANOS) {
            instants.remove();
        }
    }
}
