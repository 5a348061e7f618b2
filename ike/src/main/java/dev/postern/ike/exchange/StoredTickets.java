package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Now;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Tickets by reference: what is kept for the client instead of being handed to it
/// (draft-dondeti-ipsec-failover-sol-00 section 4.1, RFC 5723 section 6.1). The client learns of a
/// reference only when its record is written:
///
///     IKE_AUTH response   N(SESSION_RESUMPTION_SUPPORTED) without S, N(IKE_SPI_PAIR){lifetime, SPIi, SPIr}
///     INFORMATIONAL       the same two, from the gateway, after a resume or a change of the session
final class StoredTickets {
    /// How long an answer waits for the record to be written before it goes out without a
    /// reference.
    static final long PATIENCE_NANOS = Now.NANOS_PER_SECOND;

    private static final int LIFETIME_LENGTH = 4;

    private StoredTickets() {}

    /// What a client has asked for, and what policy says about it.
    record Asked(List<Payload> payloads, ResumptionPolicy policy, boolean vendor) {
        /// Which kind is to be kept in the store; null for none.
        Session.@Nullable Kind byReference() {
            Payload.Notify supported =
                    Message.findNotify(payloads, NotifyType.SESSION_RESUMPTION_SUPPORTED);
            if (policy.oneRoundTrip() && vendor && supported != null) {
                boolean stored =
                        policy.storage() == TicketStorage.BY_REFERENCE
                                || (policy.storage() == TicketStorage.AS_ASKED
                                        && !Tickets.wantsTicket(supported));
                return stored ? Session.Kind.ONE_ROUND_TRIP : null;
            }
            boolean opaque =
                    policy.rfc5723()
                            && policy.storage() == TicketStorage.BY_REFERENCE
                            && Message.findNotify(payloads, NotifyType.TICKET_REQUEST) != null;
            return opaque ? Session.Kind.RFC_5723 : null;
        }
    }

    /// What goes on with the notifications that answer the client's question.
    @FunctionalInterface
    interface Granted {
        void resume(Turn turn, List<Payload> tickets);
    }

    /// Answers with tickets: at once by value, when the ticket service has sealed it where no key
    /// is held here, or when the record is written by reference.
    static void grant(Turn turn, IkeSa sa, Asked asked, Granted then) {
        TicketSealer sealer = turn.configuration().tickets();
        Session.Kind kind = asked.byReference();
        Session.Kind byValue = Tickets.granted(asked.payloads(), asked.policy(), asked.vendor());
        if (sealer != null && kind == null && byValue != null && sealer.sealsElsewhere()) {
            SealingElsewhere.await(
                    turn,
                    sa,
                    byValue,
                    asked.policy(),
                    null,
                    (later, ticket) -> {
                        sa.enter(later, new Established());
                        then.resume(later, Tickets.answer(asked.payloads(), byValue, ticket));
                    });
            return;
        }
        if (sealer == null || kind == null) {
            then.resume(
                    turn,
                    Tickets.answer(turn, sa, asked.payloads(), asked.policy(), asked.vendor()));
            return;
        }
        SessionReference reference =
                kind == Session.Kind.ONE_ROUND_TRIP
                        ? SessionReference.ofSpis(sa.spiI(), sa.spiR())
                        : new SessionReference(
                                Octets.of(turn.entropy().octets(SessionReference.LENGTH)));
        StoredSession stored = write(turn, sa, sealer, kind, asked.policy());
        if (stored == null) {
            turn.count(Counter.SESSIONS_NOT_STORED);
            then.resume(turn, refusal(asked));
            return;
        }
        sa.enter(
                turn,
                new AwaitingStore(
                        (later, waiting, written) -> {
                            waiting.enter(later, new Established());
                            then.resume(
                                    later,
                                    answer(later, waiting, asked, reference, written, stored));
                        },
                        turn.now().nanos() + PATIENCE_NANOS));
        turn.table().timers().schedule(sa);
        turn.ask(sa, new Ask.StoreSession(reference, stored));
    }

    private static List<Payload> answer(
            Turn turn,
            IkeSa sa,
            Asked asked,
            SessionReference reference,
            boolean written,
            StoredSession stored) {
        List<Payload> payloads = new ArrayList<>(3);
        boolean oneRoundTrip = asked.byReference() == Session.Kind.ONE_ROUND_TRIP;
        TicketSealer sealer = turn.configuration().tickets();
        Octets sealed =
                sealer == null ? null : sealer.sealReference(reference, turn.now().epochSeconds());
        if (!written || (!oneRoundTrip && sealed == null)) {
            turn.count(Counter.SESSIONS_NOT_STORED);
            // It may yet be written; nobody will ever ask for it.
            turn.tell(new Ask.DropSession(reference, stored.gatewaySwitchCount()));
        } else {
            turn.count(Counter.SESSIONS_STORED);
            sa.setRecord(
                    SessionRecord.granted(
                            turn,
                            sa,
                            sa.record(),
                            reference,
                            oneRoundTrip ? Session.Kind.ONE_ROUND_TRIP : Session.Kind.RFC_5723));
            int lifetime = lifetime(turn, stored);
            if (oneRoundTrip) {
                payloads.addAll(grantOf(reference, lifetime));
            } else if (sealed != null) {
                payloads.add(notify(NotifyType.TICKET_LT_OPAQUE, lifetime, sealed));
            }
        }
        if (oneRoundTrip || payloads.isEmpty()) {
            payloads.addAll(refusal(asked));
        }
        return payloads;
    }

    /// What a client that has asked for an RFC 5723 ticket is told where it gets none.
    private static List<Payload> refusal(Asked asked) {
        return Message.findNotify(asked.payloads(), NotifyType.TICKET_REQUEST) == null
                ? List.of()
                : List.of(Payload.Notify.of(NotifyType.TICKET_NACK));
    }

    /// The record of this IKE SA's session as it stands; null where it cannot be sealed here.
    static @Nullable StoredSession write(
            Turn turn, IkeSa sa, TicketSealer sealer, Session.Kind kind, ResumptionPolicy policy) {
        EstablishedSession established = sa.session();
        if (established == null) {
            throw new IllegalStateException("a record needs an authenticated IKE SA");
        }
        long now = turn.now().epochSeconds();
        Session session =
                established.toSession(
                        kind, sa.keys(), sa.childSas(), now, now + policy.ticketLifetimeSeconds());
        try (SecretBytes _ = session.secret()) {
            return sealer.seal(session, turn.entropy()) instanceof SealResult.Sealed(Octets sealed)
                    ? new StoredSession(
                            sealed, session.gatewaySwitchCount(), Octets.EMPTY, session.expiresAt())
                    : null;
        }
    }

    static int lifetime(Turn turn, StoredSession stored) {
        long left = stored.expiresAt() - turn.now().epochSeconds();
        return Math.clamp(left, 0, Integer.MAX_VALUE);
    }

    /// N(SESSION_RESUMPTION_SUPPORTED) without S: from a client, that it keeps nothing; from a
    /// gateway, that it does.
    static Payload announcement() {
        return Payload.Notify.of(
                NotifyType.SESSION_RESUMPTION_SUPPORTED, Octets.of(new byte[] {0}));
    }

    /// Tells a client that its session is kept under this reference.
    static List<Payload> grantOf(SessionReference reference, int lifetime) {
        return List.of(
                announcement(), notify(NotifyType.IKE_SPI_PAIR, lifetime, reference.octets()));
    }

    private static Payload notify(NotifyType type, int lifetime, Octets value) {
        return Payload.Notify.of(
                type,
                Octets.of(
                        new WireWriter(LIFETIME_LENGTH + value.length())
                                .i32(lifetime)
                                .octets(value)
                                .finish()));
    }

    /// Whether a resumed IKE SA's next reference follows by INFORMATIONAL instead of a ticket in
    /// the answer.
    static boolean followByReference(IkeSa sa, ResumptionPolicy policy) {
        if (policy.storage() == TicketStorage.BY_REFERENCE && sa.record() == null) {
            sa.setRecord(SessionRecord.resumedFrom(null));
        }
        return sa.record() != null;
    }

    /// Notes a reference that the gateway granted under SK, at the client. False where there is
    /// none. It must name this very IKE SA: a client never presents another's.
    static boolean receive(Turn turn, IkeSa sa, List<Payload> payloads) {
        Payload.Notify pair = Message.findNotify(payloads, NotifyType.IKE_SPI_PAIR);
        if (pair == null
                || sa.session() == null
                || !sa.isClient()
                || !sa.isEstablished()
                || pair.data().length() != LIFETIME_LENGTH + SessionReference.LENGTH) {
            return false;
        }
        Octets reference = pair.data().slice(LIFETIME_LENGTH, pair.data().length());
        if (!reference.equals(SessionReference.ofSpis(sa.spiI(), sa.spiR()).octets())) {
            return false;
        }
        long now = turn.now().epochSeconds();
        long validUntil = now + Integer.toUnsignedLong(pair.data().toInt());
        new ReceivedTicket(Session.Kind.ONE_ROUND_TRIP, reference, validUntil, true)
                .arrive(turn, sa);
        return true;
    }
}
