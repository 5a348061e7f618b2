package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ticket.Session;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

/// A ticket of an established IKE SA that is being sealed elsewhere, while everything else goes on:
/// an INFORMATIONAL takes it to the client ([TicketDelivery]).
///
/// @param askId the question that is open
/// @param validUntil when the ticket will expire, seconds since 1970
/// @param expiresAt monotonic nanoseconds at which the service's silence counts as no
record FollowingTicket(long askId, long validUntil, long expiresAt) {
    /// Asks for a fresh one; an earlier that is still under way would be stale.
    static void begin(Turn turn, IkeSa sa, ResumptionPolicy policy) {
        forget(turn, sa);
        SealingElsewhere.Question question =
                SealingElsewhere.question(turn, sa, Session.Kind.ONE_ROUND_TRIP, policy);
        if (question != null) {
            sa.relation()
                    .setFollowingTicket(
                            new FollowingTicket(
                                    turn.askBeside(sa, question.ask()),
                                    question.validUntil(),
                                    turn.now().nanos() + SealingElsewhere.PATIENCE_NANOS));
        }
    }

    /// The number of the open question; 0 for none.
    static long awaitedBy(IkeSa sa) {
        FollowingTicket waiting = sa.relation().followingTicket();
        return waiting == null ? 0 : waiting.askId;
    }

    static long deadline(IkeSa sa) {
        FollowingTicket waiting = sa.relation().followingTicket();
        return waiting == null ? Long.MAX_VALUE : waiting.expiresAt;
    }

    /// Gives up where the service was silent for too long.
    static void pass(Turn turn, IkeSa sa) {
        if (deadline(sa) <= turn.now().nanos()) {
            turn.table().takeAnswered(awaitedBy(sa));
            answered(turn, sa, new Answer.TicketServiceUnavailable());
        }
    }

    /// The service has answered the open question.
    static void answered(Turn turn, IkeSa sa, Answer.OfTicketService answer) {
        FollowingTicket waiting = sa.relation().followingTicket();
        sa.relation().setFollowingTicket(null);
        if (waiting == null || !sa.isEstablished() || sa.duties().isClosing()) {
            answer.discard();
        } else if (answer instanceof Answer.TicketSealed && sa.requests().isBusy()) {
            // What occupies the window may change the session: its ticket is sealed after that.
            sa.duties().addNow(turn, new Duty.SendTicket());
        } else {
            @Nullable Payload ticket =
                    SealingElsewhere.ticketOf(
                            turn, sa, Session.Kind.ONE_ROUND_TRIP, waiting.validUntil, answer);
            if (ticket != null) {
                TicketDelivery.deliver(turn, sa, ticket);
            }
        }
    }

    private static void forget(Turn turn, IkeSa sa) {
        turn.table().takeAnswered(awaitedBy(sa));
        sa.relation().setFollowingTicket(null);
    }
}
