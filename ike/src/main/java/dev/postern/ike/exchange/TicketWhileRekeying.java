package dev.postern.ike.exchange;

import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.util.List;

/// A client asks for a ticket in the CREATE_CHILD_SA by which it rekeys its IKE SA (failover
/// profile, "Capability negotiation"; RFC 5723 section 4.1): it gets that of the new IKE SA.
///
///     client    HDR, SK{ SA, Ni, KEi, N(SESSION_RESUMPTION_SUPPORTED){S} }
///     gateway   HDR, SK{ SA, Nr, KEr, N(SESSION_RESUMPTION_SUPPORTED){S}, N(IKEV2_TICKET) }
///
/// A client that holds a ticket of the 1-RTT profile and does not get the next one here is sent it
/// in an exchange of its own: where it has not asked, the gateway rekeys, both do, or somebody else
/// seals.
final class TicketWhileRekeying {
    private TicketWhileRekeying() {}

    /// What a client adds to its request. One of RFC 5723 is asked for when the rekeying is over
    /// ([Relation#rekeyed]), which serves a gateway's rekeyings as well.
    static List<Payload> question(IkeSa sa) {
        Relation relation = sa.relation();
        ResumptionPolicy policy = relation.resumption();
        return relation.isClient()
                        && relation.peerSentVendorId()
                        && policy.oneRoundTrip()
                        && policy.storage() != TicketStorage.BY_REFERENCE
                ? Tickets.oneRoundTripRequest(policy)
                : List.of();
    }

    /// What goes into the answer.
    ///
    /// @param settled whether the new IKE SA will carry on; where both peers rekey at once that is
    ///   not known yet
    static List<Payload> answer(
            Turn turn, IkeSa old, IkeSa fresh, List<Payload> request, boolean settled) {
        if (!(fresh.relation().profile() instanceof ResponderProfile)) {
            return List.of();
        }
        ResumptionPolicy policy = fresh.relation().resumption();
        boolean vendor = fresh.relation().peerSentVendorId();
        boolean kept = new StoredTickets.Asked(request, policy, vendor).byReference() != null;
        Session.Kind kind = kept ? null : Tickets.granted(request, policy, vendor);
        TicketSealer sealer = turn.configuration().tickets();
        if (kind == Session.Kind.ONE_ROUND_TRIP && sealer != null) {
            fresh.relation().noteTicket();
        }
        boolean now = settled && sealer != null && !sealer.sealsElsewhere();
        Payload ticket = null;
        if (now && kind != null && sealer != null) {
            Session session = Tickets.sessionOf(turn, fresh, old.childSas(), kind, policy);
            ticket = Tickets.issue(turn, fresh, sealer, kind, session);
        }
        if (ticket != null && kind == Session.Kind.ONE_ROUND_TRIP) {
            fresh.relation().ticketInAnswer();
        }
        if (!settled
                && kind == Session.Kind.RFC_5723
                && sealer != null
                && !sealer.sealsElsewhere()) {
            return List.of(Payload.Notify.of(NotifyType.TICKET_ACK));
        }
        return GatewayLists.answer(
                turn, fresh, request, policy, vendor, Tickets.answer(request, kind, ticket));
    }
}
