package dev.postern.gateway.aaa;

import dev.postern.radius.AccountedSession;
import dev.postern.radius.Authorization;
import dev.postern.radius.TerminateCause;
import dev.postern.radius.Usage;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;

/// A session of AAA at this gateway, from its first IKE SA here to its last.
final class Leg {
    private final UsageMeter meter;
    private final Set<Long> handles = new HashSet<>(2);
    private AccountedSession session;
    private @Nullable TerminateCause cause;
    private long nextInterim = Long.MAX_VALUE;
    private long nextIdleCheck = Long.MAX_VALUE;
    private long idleSince;
    private Usage lastSeen = Usage.NONE;

    Leg(AccountedSession session, UsageMeter meter) {
        this.session = session;
        this.meter = meter;
    }

    AccountedSession session() {
        return session;
    }

    Authorization authorization() {
        return session.authorization();
    }

    UsageMeter meter() {
        return meter;
    }

    Set<Long> handles() {
        return handles;
    }

    /// Why it is being ended by us, where it is.
    @Nullable TerminateCause cause() {
        return cause;
    }

    void endsBy(TerminateCause why) {
        cause = why;
    }

    void reauthorize(Authorization authorization) {
        session =
                new AccountedSession(
                        session.sessionId(),
                        session.member(),
                        session.userName(),
                        session.innerAddresses(),
                        session.callingStation(),
                        session.calledStation(),
                        authorization,
                        session.startedAt());
    }

    void scheduleInterim(long nanos) {
        nextInterim = nanos;
    }

    void scheduleIdleCheck(long nanos) {
        nextIdleCheck = nanos;
    }

    /// Monotonic nanoseconds when something is due, [Long#MAX_VALUE] for never.
    long due() {
        return Math.min(nextInterim, nextIdleCheck);
    }

    boolean isInterimDue(long nanos) {
        return nextInterim != Long.MAX_VALUE && nextInterim - nanos <= 0;
    }

    boolean isIdleCheckDue(long nanos) {
        return nextIdleCheck != Long.MAX_VALUE && nextIdleCheck - nanos <= 0;
    }

    void startIdling(long nanos) {
        idleSince = nanos;
        lastSeen = meter.total();
    }

    /// For how long nothing has gone through.
    long idleNanos(long nanos) {
        Usage now = meter.total();
        if (!now.equals(lastSeen)) {
            lastSeen = now;
            idleSince = nanos;
        }
        return nanos - idleSince;
    }
}
