package dev.postern.ike.failover;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.sa.ResumableSession;

import org.jspecify.annotations.Nullable;

/// The ticket that the client would resume by, if it has one.
final class HeldSession {
    private @Nullable ResumableSession session;
    private boolean countRetried;

    void take(@Nullable ResumableSession received) {
        session = received;
    }

    /// What there is to keep.
    @Nullable ResumableSession kept() {
        return session;
    }

    /// The gateway that serves us has sent a ticket.
    void receive(Event.TicketReceived received, @Nullable Primary primary) {
        if (primary != null && received.handle() == primary.handle()) {
            take(received.session());
        }
    }

    boolean canResume(Now now) {
        return session != null && session.isValidAt(now.epochSeconds());
    }

    /// What an attempt presents; null where there is nothing, or that gateway has resumed often
    /// enough.
    @Nullable ResumableSession presentFor(Attempt attempt, Calm calm, Now now) {
        if (!attempt.resume() || !canResume(now) || !calm.mayResume(attempt.gateway(), now)) {
            return null;
        }
        ResumableSession presented = session;
        session = presented == null ? null : presented.attempted();
        return presented;
    }

    /// A gateway has let us in. A ticket is good for one resume; its successor came with the answer
    /// and is noted right after this. A reference is kept until the gateway has told of the next.
    void established(boolean resumed) {
        session = session != null && session.isReference() && resumed ? session : null;
        countRetried = false;
    }

    /// By reference a gateway that lost a race for the switch count says TEMPORARY_FAILURE: the
    /// next count may win, once.
    boolean takesAnotherCount(CloseReason reason) {
        boolean worthIt =
                reason == CloseReason.TEMPORARY_FAILURE
                        && !countRetried
                        && session != null
                        && session.isReference()
                        && !session.isExhausted();
        countRetried |= worthIt;
        return worthIt;
    }
}
