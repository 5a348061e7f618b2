package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Event;
import dev.postern.ike.Now;

/// When a client that has to wait looks at its gateways again.
final class RetryTimer {
    private final RetryPolicy policy;
    private final Entropy entropy;
    private long at = Long.MAX_VALUE;

    RetryTimer(RetryPolicy policy, Entropy entropy) {
        this.policy = policy;
        this.entropy = entropy;
    }

    /// Every gateway has failed, for that many rounds.
    Event afterRounds(Now now, int rounds) {
        return until(now, now.nanos() + policy.afterRounds(rounds, entropy));
    }

    Event until(Now now, long instant) {
        at = instant;
        return new Event.RetryScheduled(0, instant - now.nanos());
    }

    /// True once, when the time has come.
    boolean elapses(Now now) {
        boolean elapsed = at <= now.nanos();
        if (elapsed) {
            cancel();
        }
        return elapsed;
    }

    void cancel() {
        at = Long.MAX_VALUE;
    }

    long deadline() {
        return at;
    }
}
