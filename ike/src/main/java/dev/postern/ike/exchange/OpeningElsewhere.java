package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.ServedTickets;
import dev.postern.ticket.Session;
import dev.postern.wire.Message;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// A first message holds a ticket, and this gateway holds no TGS key: the central entity of
/// draft-dondeti-ipsec-failover-sol-00 section 6.1 opens it. Anybody can send such messages, so
/// what is under way is bounded, from a lower number of them on the sender must show that it
/// receives at its address, and each ends within a deadline:
///
///     request -> COOKIE under load -> OpenTicket -> as with a ticket that was opened here
///                                             \--> refused, or silence: TICKET_NACK
///
/// The client then runs a full exchange.
final class OpeningElsewhere {
    /// Openings under way from which on a COOKIE must come back first.
    static final int COOKIE_THRESHOLD = 512;

    /// Openings under way at most.
    static final int LIMIT = 4_096;

    static final long PATIENCE_NANOS = Now.NANOS_PER_SECOND;

    private OpeningElsewhere() {}

    /// Asks; the message rests meanwhile. Where the ticket is not opened the sender gets one
    /// TICKET_NACK, and `opened` never runs.
    static void begin(
            Turn turn,
            Path path,
            Message message,
            Octets subject,
            Octets ticket,
            Session.Kind kind,
            Opened opened) {
        if (turn.table().opening() >= LIMIT) {
            turn.count(Counter.DROPPED_OPENING_LIMIT);
            return;
        }
        boolean many = turn.table().opening() >= COOKIE_THRESHOLD;
        if (!Admission.ofQuestion(turn, path, message, subject, many)) {
            return;
        }
        long spiI = message.header().spiI();
        AwaitingOpening waiting =
                new AwaitingOpening(
                        (later, sa, answer) -> onAnswer(later, sa, message, kind, answer, opened),
                        turn.now().nanos() + PATIENCE_NANOS);
        IkeSa sa =
                new IkeSa(
                        turn.table().newResponderHandle(),
                        turn.newIkeSpi(),
                        spiI,
                        false,
                        path,
                        waiting,
                        message.header().messageId());
        sa.register(turn);
        turn.table().addBegun(message, sa);
        turn.table().timers().schedule(sa);
        turn.ask(sa, new Ask.OpenTicket(ticket, kind));
    }

    private static void onAnswer(
            Turn turn,
            IkeSa sa,
            Message message,
            Session.Kind kind,
            Answer.OfTicketService answer,
            Opened then) {
        switch (answer) {
            case Answer.TicketOpened opened -> {
                OpenedTicket ticket = read(opened, kind);
                if (ticket == null) {
                    Admission.askedInVain(turn, sa.path(), message);
                    nack(turn, sa, message, Counter.REFUSED_TICKET_NOT_OPENED);
                } else {
                    then.resume(turn, sa, ticket);
                }
            }
            case Answer.TicketRefused _ -> {
                Admission.askedInVain(turn, sa.path(), message);
                nack(turn, sa, message, Counter.REFUSED_TICKET_NOT_OPENED);
            }
            case Answer.TicketSealed _, Answer.TicketServiceUnavailable _ ->
                    nack(turn, sa, message, Counter.REFUSED_TICKET_SERVICE);
        }
    }

    private static @Nullable OpenedTicket read(Answer.TicketOpened opened, Session.Kind kind) {
        try (SecretBytes chain = opened.chain()) {
            return ServedTickets.read(chain.expose(), kind) instanceof OpenedTicket ticket
                    ? ticket
                    : null;
        }
    }

    /// Refuses in clear text, as whatever stood before SK has verified.
    static void nack(Turn turn, IkeSa sa, Message message, Counter counter) {
        turn.count(counter);
        SaInitResponder.refuseTicket(turn, sa.path(), message.header());
        forget(turn, sa);
    }

    /// Ends what nobody ever knew of.
    static void forget(Turn turn, IkeSa sa) {
        sa.close(turn, CloseReason.TICKET_REFUSED, "", true);
    }

    /// What goes on with the ticket, whose session's secret it owns from then on.
    @FunctionalInterface
    interface Opened {
        void resume(Turn turn, IkeSa sa, OpenedTicket ticket);
    }
}
