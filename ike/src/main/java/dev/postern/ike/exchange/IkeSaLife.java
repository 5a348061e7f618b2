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

    private static final long DOUBT_INTERVAL_NANOS = 10 * Now.NANOS_PER_SECOND;

    private LivenessPolicy liveness = LivenessPolicy.NEVER;
    private long lastShown;
    private long doubtsAgainAt = Long.MIN_VALUE;
    private long hardDeadline = NEVER;
    private long rekeyAt = NEVER;
    private long endsAt = NEVER;
    private long reauthenticateAt = NEVER;

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

    /// From now on the peer is checked like this.
    void watch(LivenessPolicy policy) {
        liveness = policy;
    }

    /// Whether what nobody has proven may lead to a check now; at most once in a while.
    boolean mayDoubt(Now now) {
        if (now.nanos() < doubtsAgainAt) {
            return false;
        }
        doubtsAgainAt = now.nanos() + DOUBT_INTERVAL_NANOS;
        return true;
    }

    /// The peer is proven: what was agreed with it says how long this may go on.
    void authenticated(Turn turn, Relation relation) {
        watch(relation.liveness());
        limit(turn, relation);
        begin(turn, relation.profile().life().ikeSa());
    }

    /// Notes when the session ends, and when its client begins to authenticate anew.
    void limit(Turn turn, Relation relation) {
        long deadline = relation.established().hardDeadline();
        hardDeadline = deadline == 0 ? NEVER : instant(turn, deadline);
        reauthenticateAt =
                relation.isClient() ? AuthenticationLifetime.dueAt(turn, relation) : NEVER;
    }

    /// The monotonic instant of a moment in seconds since 1970; now for one that has passed.
    static long instant(Turn turn, long epochSeconds) {
        long left = epochSeconds - turn.now().epochSeconds();
        long bounded = Math.clamp(left, 0, FARTHEST_DEADLINE_SECONDS);
        return turn.now().nanos() + bounded * Now.NANOS_PER_SECOND;
    }

    /// Begins the lifetime of the keys.
    void begin(Turn turn, Lifetime lifetime) {
        long now = turn.now().nanos();
        rekeyAt = rekeyInstant(turn, lifetime);
        endsAt = lifetime.hardNanos() == 0 ? NEVER : now + lifetime.hardNanos();
    }

    /// Goes on with keys that another member made.
    void goOn(long rekeyInstant, long endInstant) {
        rekeyAt = rekeyInstant;
        endsAt = endInstant;
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

    /// The Delete at the hard deadline is under way.
    void hardDeadlinePassed() {
        hardDeadline = NEVER;
    }

    /// When a client begins to authenticate anew.
    long reauthenticateAt() {
        return reauthenticateAt;
    }

    void reauthenticateBy(long instant) {
        reauthenticateAt = Math.min(reauthenticateAt, instant);
    }

    void reauthenticationBegins() {
        reauthenticateAt = NEVER;
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
        return Math.min(Math.min(hardDeadline, reauthenticateAt), Math.min(rekeyAt, endsAt));
    }
}
