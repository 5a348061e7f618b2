package dev.postern.ike.exchange;

import dev.postern.crypto.PayloadCipher;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Now;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketFormat;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

/// A gateway that holds no TGS key has its tickets sealed by the central entity of
/// draft-dondeti-ipsec-failover-sol-00 section 6.1. An answer that grants a ticket waits for it, up
/// to a deadline, and then goes without: the session stands, and its ticket follows in an exchange
/// of its own when the service is back.
final class SealingElsewhere {
    static final long PATIENCE_NANOS = Now.NANOS_PER_SECOND;

    /// No ticket is longer (failover profile, "The ticket").
    private static final int MAXIMUM_LENGTH = 8192;

    private SealingElsewhere() {}

    /// What goes on with the notification that holds the ticket; null where there is none.
    @FunctionalInterface
    interface Sealed {
        void resume(Turn turn, @Nullable Payload ticket);
    }

    /// Rests the IKE SA until its ticket is sealed.
    ///
    /// @param responseCipher as in [AwaitingSealing]
    static void await(
            Turn turn,
            IkeSa sa,
            Session.Kind kind,
            ResumptionPolicy policy,
            @Nullable PayloadCipher responseCipher,
            Sealed then) {
        Question question = question(turn, sa, kind, policy);
        if (question == null) {
            then.resume(turn, null);
            return;
        }
        sa.enter(
                turn,
                new AwaitingSealing(
                        (later, waiting, answer) ->
                                then.resume(
                                        later,
                                        ticketOf(
                                                later,
                                                waiting,
                                                kind,
                                                question.validUntil(),
                                                answer)),
                        responseCipher,
                        turn.now().nanos() + PATIENCE_NANOS));
        turn.table().timers().schedule(sa);
        turn.ask(sa, question.ask());
    }

    /// What is asked, and what the client will be told of its ticket.
    ///
    /// @param validUntil when the session that is sealed expires, its hard deadline at the latest;
    ///   seconds since 1970
    record Question(Ask.SealTicket ask, long validUntil) {}

    /// The session of this IKE SA as it stands; null, counted and told, where it fits into no
    /// ticket.
    static @Nullable Question question(
            Turn turn, IkeSa sa, Session.Kind kind, ResumptionPolicy policy) {
        Session session = Tickets.sessionOf(turn, sa, kind, policy);
        try (SecretBytes _ = session.secret()) {
            return new Question(
                    new Ask.SealTicket(SecretBytes.owning(TicketFormat.encode(session)), kind),
                    session.expiresAt());
        } catch (IllegalArgumentException outOfBounds) {
            Tickets.withhold(
                    turn, sa, Counter.TICKETS_UNFIT, String.valueOf(outOfBounds.getMessage()));
            return null;
        }
    }

    /// The notification that holds the ticket; null, counted, where the service gave none.
    static @Nullable Payload ticketOf(
            Turn turn,
            IkeSa sa,
            Session.Kind kind,
            long validUntil,
            Answer.OfTicketService answer) {
        return switch (answer) {
            case Answer.TicketSealed(Octets ticket)
                    when !ticket.isEmpty() && ticket.length() <= MAXIMUM_LENGTH ->
                    Tickets.notify(turn, sa, kind, validUntil, ticket);
            case Answer.TicketRefused(String reason) -> {
                if (kind == Session.Kind.ONE_ROUND_TRIP) {
                    TicketRenewal.notIssued(turn, sa);
                }
                yield Tickets.withhold(
                        turn,
                        sa,
                        Counter.TICKETS_NOT_SEALED,
                        "the ticket service has refused: " + reason);
            }
            case Answer.TicketSealed _, Answer.TicketOpened _ -> {
                answer.discard();
                yield Tickets.withhold(
                        turn,
                        sa,
                        Counter.TICKETS_NOT_SEALED,
                        "the ticket service has answered what cannot be");
            }
            case Answer.TicketServiceUnavailable _ -> {
                turn.count(Counter.TICKETS_NOT_SEALED);
                if (kind == Session.Kind.ONE_ROUND_TRIP) {
                    sa.duties().addLater(turn, new Duty.SendTicket());
                }
                yield null;
            }
        };
    }
}
