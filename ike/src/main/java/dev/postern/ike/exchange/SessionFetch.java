package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Message;
import dev.postern.wire.Octets;

/// A first message that names a record, from anybody: one look-up for one message is what an
/// attacker could turn into load on the store (RFC 5723 section 9.3). So look-ups under way are
/// bounded, from a low number of them on the sender must show that it receives at its address, as
/// it must when many were in vain ([dev.postern.ike.guard.VainQuestions]), and each of them ends
/// within a deadline.
final class SessionFetch {
    /// Look-ups under way from which on a COOKIE must come back first.
    static final int COOKIE_THRESHOLD = 64;

    /// Look-ups under way at most.
    static final int LIMIT = 1_024;

    static final long PATIENCE_NANOS = Now.NANOS_PER_SECOND;

    private SessionFetch() {}

    /// Whether a look-up may be made for this message now; a COOKIE has been asked for where that
    /// would change it.
    static boolean isAdmitted(Turn turn, Path path, Message message, Octets subject) {
        if (turn.table().fetching() >= LIMIT) {
            turn.count(Counter.DROPPED_FETCH_LIMIT);
            return false;
        }
        boolean many = turn.table().fetching() >= COOKIE_THRESHOLD;
        return Admission.ofQuestion(turn, path, message, subject, many);
    }

    /// Asks for the record; the message rests meanwhile. Where none can be had the sender gets one
    /// TICKET_NACK, and `found` never runs.
    static void begin(
            Turn turn, Path path, Message message, SessionReference reference, Found found) {
        long spiI = message.header().spiI();
        AwaitingSession waiting =
                new AwaitingSession(
                        (later, sa, answer) -> onAnswer(later, sa, message, answer, found),
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
        turn.ask(sa, new Ask.FetchSession(reference));
    }

    /// Only what the store knows nothing of was made up, perhaps: of a store that is slow, or down,
    /// nothing follows about who asked.
    private static void onAnswer(
            Turn turn, IkeSa sa, Message message, Answer.OfStore answer, Found found) {
        switch (answer) {
            case Answer.SessionFetched(StoredSession stored)
                    when !stored.isExpiredAt(turn.now().epochSeconds()) ->
                    found.resume(turn, sa, stored);
            case Answer.SessionFetched _, Answer.SessionUnknown _ -> nackInVain(turn, sa, message);
            case Answer.SessionStored _,
                    Answer.SessionNotStored _,
                    Answer.SwitchCountRaised _,
                    Answer.SwitchCountTaken _,
                    Answer.SessionDropped _,
                    Answer.StoreUnavailable _ ->
                    nack(turn, sa, message);
        }
    }

    /// Refuses what does not lead to a session, and counts it.
    static void nackInVain(Turn turn, IkeSa sa, Message message) {
        Admission.askedInVain(turn, sa.path(), message);
        nack(turn, sa, message);
    }

    /// Refuses in clear text, as whatever stood before SK has verified.
    private static void nack(Turn turn, IkeSa sa, Message message) {
        turn.count(Counter.REFUSED_SESSION_NOT_FETCHED);
        SaInitResponder.refuseTicket(turn, sa.path(), message.header());
        forget(turn, sa);
    }

    /// Ends what nobody ever knew of.
    static void forget(Turn turn, IkeSa sa) {
        sa.close(turn, CloseReason.TICKET_REFUSED, "", true);
    }

    /// What goes on with the record, which is not believed yet.
    @FunctionalInterface
    interface Found {
        void resume(Turn turn, IkeSa sa, StoredSession stored);
    }
}
