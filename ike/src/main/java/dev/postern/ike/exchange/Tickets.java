package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Asking for tickets, issuing and receiving them: failover profile "Capability negotiation", RFC
/// 5723 sections 4.1 and 4.2. Both notifications carry a lifetime in seconds (4 octets) and then
/// the ticket.
final class Tickets {
    /// CLIENT_SIDE_STORAGE_SUPPORTED, the most significant bit of the flags octet.
    private static final Octets CLIENT_SIDE_STORAGE = Octets.of(new byte[] {(byte) 0x80});

    private static final int LIFETIME_LENGTH = 4;

    private Tickets() {}

    /// What an initiator adds to IKE_AUTH to get a ticket.
    static List<Payload> request(ResumptionPolicy policy, boolean peerSentVendorId) {
        List<Payload> payloads = new ArrayList<>(2);
        if (policy.oneRoundTrip() && peerSentVendorId) {
            payloads.addAll(oneRoundTripRequest(policy));
        }
        if (policy.rfc5723()) {
            payloads.add(Payload.Notify.of(NotifyType.TICKET_REQUEST));
        }
        return payloads;
    }

    /// Who is to keep the session: the client, sealed, or the gateways.
    static List<Payload> oneRoundTripRequest(ResumptionPolicy policy) {
        return List.of(
                policy.storage() == TicketStorage.BY_REFERENCE
                        ? StoredTickets.announcement()
                        : Payload.Notify.of(
                                NotifyType.SESSION_RESUMPTION_SUPPORTED, CLIENT_SIDE_STORAGE));
    }

    /// What a responder adds to its final answer, where nobody waits.
    static List<Payload> answer(
            Turn turn, IkeSa sa, List<Payload> request, ResumptionPolicy policy, boolean vendor) {
        TicketSealer sealer = turn.configuration().tickets();
        Session.Kind kind = sealer == null ? null : granted(request, policy, vendor);
        return answer(
                request,
                kind,
                sealer == null || kind == null ? null : issue(turn, sa, sealer, kind, policy));
    }

    /// Which kind of ticket by value a request gets; null for none. Where the 1-RTT profile is
    /// confirmed no RFC 5723 ticket is issued: it would hold SK_d.
    static Session.@Nullable Kind granted(
            List<Payload> request, ResumptionPolicy policy, boolean vendor) {
        Payload.Notify supported =
                Message.findNotify(request, NotifyType.SESSION_RESUMPTION_SUPPORTED);
        if (policy.oneRoundTrip() && vendor && supported != null && wantsTicket(supported)) {
            return Session.Kind.ONE_ROUND_TRIP;
        }
        boolean asksOpaque = Message.findNotify(request, NotifyType.TICKET_REQUEST) != null;
        return asksOpaque && policy.rfc5723() ? Session.Kind.RFC_5723 : null;
    }

    /// @param kind what was granted
    /// @param ticket null where there can be none
    static List<Payload> answer(
            List<Payload> request, Session.@Nullable Kind kind, @Nullable Payload ticket) {
        List<Payload> payloads = new ArrayList<>(3);
        if (ticket != null) {
            if (kind == Session.Kind.ONE_ROUND_TRIP) {
                payloads.add(
                        Payload.Notify.of(
                                NotifyType.SESSION_RESUMPTION_SUPPORTED, CLIENT_SIDE_STORAGE));
            }
            payloads.add(ticket);
        }
        boolean asksOpaque = Message.findNotify(request, NotifyType.TICKET_REQUEST) != null;
        if (asksOpaque && (ticket == null || kind != Session.Kind.RFC_5723)) {
            payloads.add(Payload.Notify.of(NotifyType.TICKET_NACK));
        }
        return payloads;
    }

    static boolean wantsTicket(Payload.Notify supported) {
        return supported.data().length() == 1 && (supported.data().at(0) & 0x80) != 0;
    }

    /// A fresh ticket for this IKE SA; null, counted and told, where there can be none: the session
    /// then goes without. Where it is sealed elsewhere it follows in an exchange of its own.
    static @Nullable Payload issue(
            Turn turn, IkeSa sa, TicketSealer sealer, Session.Kind kind, ResumptionPolicy policy) {
        return issue(turn, sa, sealer, kind, sessionOf(turn, sa, kind, policy));
    }

    /// A ticket of this session, whose secret is wiped.
    static @Nullable Payload issue(
            Turn turn, IkeSa sa, TicketSealer sealer, Session.Kind kind, Session session) {
        SealResult result;
        try (SecretBytes _ = session.secret()) {
            result = sealer.seal(session, turn.entropy());
        }
        return switch (result) {
            case SealResult.Sealed(Octets ticket) ->
                    notify(turn, sa, kind, session.expiresAt(), ticket);
            case SealResult.Unfit(String reason) ->
                    withhold(turn, sa, Counter.TICKETS_UNFIT, reason);
            case SealResult.NoKey _ -> {
                if (kind == Session.Kind.ONE_ROUND_TRIP) {
                    TicketRenewal.notIssued(turn, sa);
                }
                yield withhold(turn, sa, Counter.TICKETS_NOT_SEALED, "every TGS key has expired");
            }
            case SealResult.Elsewhere _ -> {
                if (kind == Session.Kind.ONE_ROUND_TRIP) {
                    sa.duties().addNow(turn, new Duty.SendTicket());
                    yield null;
                }
                yield withhold(
                        turn, sa, Counter.TICKETS_NOT_SEALED, "no TGS key is held by this gateway");
            }
        };
    }

    /// The session of this IKE SA as it stands.
    static Session sessionOf(Turn turn, IkeSa sa, Session.Kind kind, ResumptionPolicy policy) {
        return sessionOf(turn, sa, sa.childSas(), kind, policy);
    }

    /// The session of this IKE SA with these Child SAs.
    static Session sessionOf(
            Turn turn,
            IkeSa sa,
            List<ChildSa> children,
            Session.Kind kind,
            ResumptionPolicy policy) {
        EstablishedSession established = sa.session();
        if (established == null) {
            throw new IllegalStateException("a ticket needs an authenticated IKE SA");
        }
        long now = turn.now().epochSeconds();
        return established.toSession(
                kind, sa.keys(), children, now, now + policy.ticketLifetimeSeconds());
    }

    static @Nullable Payload withhold(Turn turn, IkeSa sa, Counter counter, String reason) {
        turn.count(counter);
        EstablishedSession session = sa.session();
        if (session != null) {
            turn.emit(
                    new Event.TicketWithheld(sa.handle(), session.authenticatedIdentity(), reason));
        }
        return null;
    }

    /// The notification that takes a ticket to its client.
    static Payload notify(Turn turn, IkeSa sa, Session.Kind kind, long expiresAt, Octets ticket) {
        long now = turn.now().epochSeconds();
        if (kind == Session.Kind.ONE_ROUND_TRIP) {
            sa.relation().noteTicket();
            TicketRenewal.issued(turn, sa, expiresAt);
        }
        turn.count(Counter.TICKETS_ISSUED);
        turn.emit(
                new Event.TicketIssued(
                        sa.handle(),
                        sa.relation().established().authenticatedIdentity(),
                        ticket.length()));
        int lifetime = (int) Math.max(0, Math.min(Integer.MAX_VALUE, expiresAt - now));
        NotifyType type =
                kind == Session.Kind.ONE_ROUND_TRIP
                        ? NotifyType.IKEV2_TICKET
                        : NotifyType.TICKET_LT_OPAQUE;
        return Payload.Notify.of(
                type,
                Octets.of(
                        new WireWriter(LIFETIME_LENGTH + ticket.length())
                                .i32(lifetime)
                                .octets(ticket)
                                .finish()));
    }

    /// Notes a ticket that came with a protected answer; whether one did.
    static boolean receive(
            Turn turn, IkeSa sa, List<Payload> answer, ResumptionPolicy policy, boolean vendor) {
        Payload.Notify oneRoundTrip = Message.findNotify(answer, NotifyType.IKEV2_TICKET);
        if (policy.oneRoundTrip() && vendor && oneRoundTrip != null) {
            return receive(turn, sa, Session.Kind.ONE_ROUND_TRIP, oneRoundTrip.data());
        }
        if (vendor && StoredTickets.receive(turn, sa, answer)) {
            return true;
        }
        Payload.Notify opaque = Message.findNotify(answer, NotifyType.TICKET_LT_OPAQUE);
        if (policy.rfc5723() && opaque != null) {
            return receive(turn, sa, Session.Kind.RFC_5723, opaque.data());
        }
        if (policy.rfc5723()
                && Message.findNotify(answer, NotifyType.TICKET_ACK) != null
                && sa.relation().asksAgain()) {
            sa.duties().addLater(turn, new Duty.AskForTicket());
        }
        return false;
    }

    private static boolean receive(Turn turn, IkeSa sa, Session.Kind kind, Octets data) {
        if (sa.session() == null || data.length() <= LIFETIME_LENGTH) {
            return false;
        }
        long now = turn.now().epochSeconds();
        long validUntil = now + Integer.toUnsignedLong(data.toInt());
        if (kind == Session.Kind.RFC_5723) {
            sa.relation().noteOpaqueTicket();
        }
        Octets ticket = data.slice(LIFETIME_LENGTH, data.length());
        new ReceivedTicket(kind, ticket, validUntil, false).arrive(turn, sa);
        return true;
    }

    /// The data of N(IKEV2_TICKET) in a resume request: a lifetime that is zero and ignored, and
    /// the ticket.
    static Octets present(Octets ticket) {
        return Octets.of(
                new WireWriter(LIFETIME_LENGTH + ticket.length()).i32(0).octets(ticket).finish());
    }

    /// By what a first message names its session, as a COOKIE covers it; empty where by nothing.
    static Octets named(Message message) {
        for (NotifyType type :
                List.of(
                        NotifyType.IKEV2_TICKET,
                        NotifyType.IKE_SPI_PAIR,
                        NotifyType.TICKET_OPAQUE)) {
            Payload.Notify named = Message.findNotify(message.payloads(), type);
            if (named != null) {
                return named.data();
            }
        }
        return Octets.EMPTY;
    }

    /// The ticket in the data of N(IKEV2_TICKET); empty where there is none.
    static Octets presented(Octets data) {
        return data.length() < LIFETIME_LENGTH
                ? Octets.EMPTY
                : data.slice(LIFETIME_LENGTH, data.length());
    }
}
