package dev.postern.ike.exchange;

import dev.postern.ike.Lifetime;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.sa.RequestWindow;

/// The instants of one IKE SA: when its peer was last heard, when it is rekeyed, and when it ends.
/// All in monotonic nanoseconds.
final class IkeSaLife {
    private static final long NEVER = RequestWindow.NEVER;

    /// A hundred years: what lies beyond is as good as no deadline, and fits nanoseconds.
    private static final long FARTHEST_DEADLINE_SECONDS = 100L * 365 * 24 * 3600;

    private LivenessPolicy liveness = LivenessPolicy.NEVER;
    private long lastShown;
    private long hardDeadline = NEVER;
    private long rekeyAt = NEVER;
    private long endsAt = NEVER;

    /// The peer has shown life with something that only it can make.
    void show(Now now) {
        lastShown = now.nanos();
    }

    /// When the peer was last heard.
    long lastShown() {
        return lastShown;
    }

    LivenessPolicy liveness() {
        return liveness;
    }

    /// The instant at which the peer is asked for a sign of life, where nothing is outstanding.
    long livenessDeadline() {
        return liveness.idleNanos() == 0 ? NEVER : lastShown + liveness.idleNanos();
    }

    /// @param hardDeadlineSeconds since 1970, beyond which the session must not live; 0 for none
    void authenticated(Turn turn, LivenessPolicy policy, long hardDeadlineSeconds) {
        liveness = policy;
        if (hardDeadlineSeconds != 0) {
            long left = hardDeadlineSeconds - turn.now().epochSeconds();
            long bounded = Math.clamp(left, 0, FARTHEST_DEADLINE_SECONDS);
            hardDeadline = turn.now().nanos() + bounded * Now.NANOS_PER_SECOND;
        }
    }

    /// Begins the lifetime of the keys.
    void begin(Turn turn, Lifetime lifetime) {
        long now = turn.now().nanos();
        rekeyAt = rekeyInstant(turn, lifetime);
        endsAt = lifetime.hardNanos() == 0 ? NEVER : now + lifetime.hardNanos();
    }

    /// When an SA that begins now is to be rekeyed.
    static long rekeyInstant(Turn turn, Lifetime lifetime) {
        if (lifetime.rekeyNanos() == 0) {
            return NEVER;
        }
        long early = Duties.below(turn.entropy(), lifetime.jitterNanos());
        return turn.now().nanos() + lifetime.rekeyNanos() - early;
    }

    /// When it closes whatever happens: the session's own deadline, which no rekeying moves.
    long hardDeadline() {
        return hardDeadline;
    }

    long rekeyAt() {
        return rekeyAt;
    }

    /// Rekeys at this instant or before.
    void rekeyBy(long instant) {
        rekeyAt = Math.min(rekeyAt, instant);
    }

    void rekeyBegins() {
        rekeyAt = NEVER;
    }

    /// When keys that were not replaced in time end.
    long endsAt() {
        return endsAt;
    }

    long deadline() {
        return Math.min(hardDeadline, Math.min(rekeyAt, endsAt));
    }
}
