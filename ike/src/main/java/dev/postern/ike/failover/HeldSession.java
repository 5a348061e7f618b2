package dev.postern.ike.failover;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.Session;

import org.jspecify.annotations.Nullable;

/// The ticket that the client would resume by, if it has one.
final class HeldSession {
    /// Longer than a cluster is undecided with its usual settings, a second for each.
    private static final int FURTHER_COUNTS = 6;

    private @Nullable ResumableSession session;
    private int countsTaken;

    void take(@Nullable ResumableSession received) {
        session = received;
    }

    /// What there is to keep.
    @Nullable ResumableSession kept() {
        return session;
    }

    /// The gateway that serves us has sent a ticket. A record that was written anew goes by the
    /// switch counts that we have used with it before: the gateways may have noted them.
    void receive(Event.TicketReceived received, @Nullable Primary primary) {
        if (primary != null && received.handle() == primary.handle()) {
            take(received.session().after(session));
        }
    }

    /// A session of the profile whose switch counts are used up is none: it takes a full exchange.
    boolean canResume(Now now) {
        ResumableSession present = session;
        return present != null
                && present.isValidAt(now.epochSeconds())
                && !(present.isExhausted()
                        && present.session().kind() == Session.Kind.ONE_ROUND_TRIP);
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
        countsTaken = 0;
    }

    /// By reference a gateway that lost a race for the switch count says TEMPORARY_FAILURE, and so
    /// does one whose cluster has not decided within a second about the count or about the inner
    /// address, as while it agrees on who is left of it: the next count may win. By value a gateway
    /// may have no room for one more copy of the session, as where somebody replays what we have
    /// sent there: copies of this count give way to the next one.
    boolean takesAnotherCount(CloseReason reason) {
        ResumableSession present = session;
        if (reason != CloseReason.TEMPORARY_FAILURE || present == null || present.isExhausted()) {
            return false;
        }
        if (countsTaken >= FURTHER_COUNTS) {
            return false;
        }
        countsTaken++;
        // By reference the attempt has taken its count with it.
        session = present.isReference() ? present : present.raised();
        return true;
    }
}
