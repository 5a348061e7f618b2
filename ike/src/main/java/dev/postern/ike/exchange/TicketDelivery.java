package dev.postern.ike.exchange;

import dev.postern.ike.ConnectionProfile;
import dev.postern.ike.ResponderProfile;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// INFORMATIONAL for tickets in both roles (failover profile, "Capability negotiation"): a gateway
/// sends a fresh one after an IKE SA was rekeyed or its Child SAs have changed; a client asks for
/// one.
///
/// @param duty what began it; null for what is begun anew by others
record TicketDelivery(@Nullable Duty duty) implements OwnRequest {
    @Override
    public @Nullable Duty again(IkeSa sa) {
        return duty;
    }

    /// A fresh ticket for the client.
    static void send(Turn turn, IkeSa sa) {
        TicketSealer sealer = turn.configuration().tickets();
        if (sealer == null || !(sa.relation().profile() instanceof ResponderProfile)) {
            return;
        }
        if (sealer.sealsElsewhere()) {
            FollowingTicket.begin(turn, sa, sa.relation().resumption());
            return;
        }
        @Nullable Payload ticket =
                Tickets.issue(
                        turn, sa, sealer, Session.Kind.ONE_ROUND_TRIP, sa.relation().resumption());
        if (ticket != null) {
            deliver(turn, sa, ticket);
        }
    }

    static void deliver(Turn turn, IkeSa sa, Payload ticket) {
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                List.of(ticket),
                sa.relation().schedule(),
                new TicketDelivery(new Duty.SendTicket()));
    }

    /// Asks the gateway for one.
    static void ask(Turn turn, IkeSa sa) {
        ConnectionProfile profile = sa.relation().profile();
        List<Payload> question =
                Tickets.request(profile.resumption(), sa.relation().peerSentVendorId());
        if (!question.isEmpty()) {
            sa.request(
                    turn,
                    ExchangeType.INFORMATIONAL,
                    question,
                    sa.relation().schedule(),
                    new TicketDelivery(new Duty.AskForTicket()));
        }
    }

    /// What a gateway answers to a client that asks in an exchange of its own. A session that is
    /// kept by reference is written anew, and the reference follows.
    static List<Payload> answer(Turn turn, IkeSa sa, List<Payload> request) {
        Relation relation = sa.relation();
        if (!sa.isEstablished() || !(relation.profile() instanceof ResponderProfile)) {
            return List.of();
        }
        boolean vendor = relation.peerSentVendorId();
        StoredTickets.Asked asked = new StoredTickets.Asked(request, relation.resumption(), vendor);
        Session.Kind kept = asked.byReference();
        if (kept == Session.Kind.RFC_5723) {
            // The reference that the client has stays good over a rekeying.
            return List.of(Payload.Notify.of(NotifyType.TICKET_NACK));
        }
        if (kept != null) {
            SessionRecord.wanted(turn, sa);
            return GatewayLists.answer(turn, sa, request, relation.resumption(), vendor, List.of());
        }
        return GatewayLists.answer(
                turn,
                sa,
                request,
                relation.resumption(),
                vendor,
                Tickets.answer(turn, sa, request, relation.resumption(), vendor));
    }

    /// A ticket that a gateway sends on its own account, at the client; whether there is one.
    static boolean receive(Turn turn, IkeSa sa, List<Payload> payloads) {
        Relation relation = sa.relation();
        return relation.session() != null
                && Tickets.receive(
                        turn,
                        sa,
                        payloads,
                        relation.profile().resumption(),
                        relation.peerSentVendorId());
    }

    /// The acknowledgement, or the ticket that was asked for.
    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        if (sa.isClient()) {
            if (!receive(turn, sa, payloads)) {
                TicketRenewal.missed(turn, sa);
            }
        } else {
            sa.relation().ticketAcknowledged();
        }
    }
}
