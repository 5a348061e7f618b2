package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Now;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.MessageId;

import org.jspecify.annotations.Nullable;

/// The record that a gateway keeps of one IKE SA's session. It follows the session: written when the
/// IKE SA is confirmed, changed or half way through its lifetime, told to the client when it is
/// written, and only then, once the client has acknowledged, the one before is removed:
///
///     WANTED -> WRITING -> WRITTEN -> TOLD -> SETTLED -> (half the lifetime) -> WANTED
///
/// Whatever the store does, the IKE SA goes on; a write that fails is tried again.
final class SessionRecord {
    private static final long PATIENCE_NANOS = 5 * Now.NANOS_PER_SECOND;
    private static final long RETRY_NANOS = 30 * Now.NANOS_PER_SECOND;

    private enum Step {
        /// The IKE SA has to be confirmed first.
        UNCONFIRMED,
        WANTED,
        WRITING,
        WRITTEN,
        TOLD,
        SETTLED
    }

    private @Nullable SessionReference predecessor;
    private @Nullable SessionReference reference;
    private final Session.Kind kind;
    private Step step;
    private int lifetime;
    private long dueAt = RequestWindow.NEVER;

    private SessionRecord(
            @Nullable SessionReference predecessor,
            @Nullable SessionReference reference,
            Session.Kind kind,
            Step step) {
        this.predecessor = predecessor;
        this.reference = reference;
        this.kind = kind;
        this.step = step;
    }

    /// An IKE SA that was resumed from another's record, or from a ticket by value; its own is
    /// still to come.
    static SessionRecord resumedFrom(@Nullable SessionReference predecessor) {
        return new SessionRecord(predecessor, null, Session.Kind.ONE_ROUND_TRIP, Step.UNCONFIRMED);
    }

    /// A record that the client is told of in the answer to its IKE_AUTH; the one that an RFC 5723
    /// resume came from goes when the client shows that it has that answer. An RFC 5723 ticket is
    /// never pushed (section 4.1), so its record is not written anew.
    static SessionRecord granted(
            Turn turn,
            IkeSa sa,
            @Nullable SessionRecord before,
            SessionReference reference,
            Session.Kind kind) {
        SessionRecord record =
                new SessionRecord(
                        before == null ? null : before.predecessor, reference, kind, Step.SETTLED);
        if (kind == Session.Kind.ONE_ROUND_TRIP) {
            record.settle(turn, sa);
        }
        return record;
    }

    /// One that another member has written and told the client of.
    static SessionRecord kept(Turn turn, IkeSa sa, SessionReference reference, Session.Kind kind) {
        return granted(turn, sa, null, reference, kind);
    }

    Session.Kind kind() {
        return kind;
    }

    private void settle(Turn turn, IkeSa sa) {
        step = Step.SETTLED;
        dueAt = TicketRenewal.half(turn, sa, sa.relation().resumption().ticketLifetimeSeconds());
    }

    /// The peer has sent something that only the holder of the keys, and of our last answer, can
    /// send.
    void peerIsHere(Turn turn) {
        if (step == Step.SETTLED) {
            dropPredecessor(turn);
        }
    }

    private void dropPredecessor(Turn turn) {
        if (predecessor != null) {
            turn.tell(new Ask.DropSession(predecessor, MessageId.MAXIMUM_SWITCH_COUNT));
            predecessor = null;
        }
    }

    /// The client of a resumed IKE SA is proven: its own record is due.
    static void confirmed(Turn turn, IkeSa sa) {
        SessionRecord record = sa.record();
        if (record != null && record.step == Step.UNCONFIRMED) {
            record.write(turn, sa);
        }
    }

    /// The IKE SA was rekeyed: its record is written under the new SPIs, and the one before goes
    /// when the client has acknowledged.
    static void inherit(Turn turn, IkeSa old, IkeSa successor) {
        SessionRecord record = old.record();
        if (record == null) {
            return;
        }
        if (record.kind == Session.Kind.RFC_5723) {
            // Such a client is told of no other before its next IKE_AUTH: the record stays as it
            // is.
            old.setRecord(null);
            successor.setRecord(record);
            return;
        }
        SessionReference before = record.predecessor;
        if (record.reference != null) {
            record.dropPredecessor(turn);
            before = record.reference;
        }
        old.setRecord(null);
        successor.setRecord(resumedFrom(before));
        confirmed(turn, successor);
    }

    /// The client asks for a reference: there is to be a record, whatever became of an earlier one.
    static void wanted(Turn turn, IkeSa sa) {
        if (sa.record() == null) {
            sa.setRecord(resumedFrom(null));
            confirmed(turn, sa);
        } else {
            changed(turn, sa);
        }
    }

    /// What the session is has changed (another Child SA, another address): the record follows.
    static void changed(Turn turn, IkeSa sa) {
        SessionRecord record = sa.record();
        if (record != null
                && record.step != Step.UNCONFIRMED
                && record.kind == Session.Kind.ONE_ROUND_TRIP) {
            record.write(turn, sa);
        }
    }

    private void write(Turn turn, IkeSa sa) {
        TicketSealer sealer = turn.configuration().tickets();
        EstablishedSession session = sa.session();
        ResumptionPolicy policy = session == null ? null : sa.relation().resumption();
        if (sealer == null || policy == null || !policy.oneRoundTrip()) {
            step = Step.SETTLED;
            dueAt = RequestWindow.NEVER;
            return;
        }
        StoredSession stored =
                StoredTickets.write(turn, sa, sealer, Session.Kind.ONE_ROUND_TRIP, policy);
        if (stored == null) {
            tryLater(turn);
            return;
        }
        lifetime = StoredTickets.lifetime(turn, stored);
        reference = SessionReference.ofSpis(sa.spiI(), sa.spiR());
        step = Step.WRITING;
        dueAt = turn.now().nanos() + PATIENCE_NANOS;
        turn.ask(sa, new Ask.StoreSession(reference, stored));
    }

    /// The store's answer to a write.
    static void answer(Turn turn, IkeSa sa, Answer.OfStore answer) {
        SessionRecord record = sa.record();
        if (record != null && record.step == Step.WRITING) {
            if (answer instanceof Answer.SessionStored) {
                turn.count(Counter.SESSIONS_STORED);
                record.step = Step.WRITTEN;
                record.dueAt = RequestWindow.NEVER;
                tell(turn, sa);
            } else {
                record.tryLater(turn);
            }
        }
    }

    private void tryLater(Turn turn) {
        turn.count(Counter.SESSIONS_NOT_STORED);
        step = Step.WANTED;
        dueAt = turn.now().nanos() + RETRY_NANOS;
    }

    private static void tell(Turn turn, IkeSa sa) {
        SessionRecord record = sa.record();
        if (record == null
                || record.reference == null
                || record.step != Step.WRITTEN
                || sa.requests().isBusy()
                || !sa.isEstablished()) {
            return;
        }
        record.step = Step.TOLD;
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                StoredTickets.grantOf(record.reference, record.lifetime),
                RetransmissionSchedule.STANDARD,
                new TicketDelivery(null));
    }

    /// The peer has answered our outstanding request; with a window of one that was the grant,
    /// where one was sent.
    static void windowIsFree(Turn turn, IkeSa sa) {
        SessionRecord record = sa.record();
        if (record != null && record.step == Step.TOLD) {
            record.dropPredecessor(turn);
            if (sa.session() != null) {
                record.settle(turn, sa);
            }
        }
        tell(turn, sa);
    }

    static long deadline(IkeSa sa) {
        SessionRecord record = sa.record();
        return record == null ? RequestWindow.NEVER : record.dueAt;
    }

    /// A write got no answer, is to be tried again, or half a lifetime has passed.
    static void due(Turn turn, IkeSa sa) {
        SessionRecord record = sa.record();
        if (record == null || record.dueAt > turn.now().nanos()) {
            return;
        }
        if (record.step == Step.WRITING) {
            sa.forgetAnswer(turn);
            record.tryLater(turn);
        } else {
            record.write(turn, sa);
        }
    }

    /// The IKE SA is deleted, and its record with it; not one that another gateway has carried on
    /// with since, as after a switch.
    static void end(Turn turn, IkeSa sa) {
        SessionRecord record = sa.record();
        EstablishedSession session = sa.session();
        if (record == null || session == null) {
            return;
        }
        if (record.reference != null && record.step != Step.UNCONFIRMED) {
            turn.tell(new Ask.DropSession(record.reference, session.gatewaySwitchCount()));
        }
        record.dropPredecessor(turn);
        sa.setRecord(null);
    }
}
