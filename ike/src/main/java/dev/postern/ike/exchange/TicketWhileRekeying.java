package dev.postern.ike.exchange;

import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import java.util.List;

/// A client asks for a ticket in the CREATE_CHILD_SA by which it rekeys its IKE SA (RFC 5723
/// section 4.1): it gets that of the new IKE SA. One of the 1-RTT profile follows the rekeying in
/// an exchange of its own, whether or not it was asked for here.
final class TicketWhileRekeying {
    private TicketWhileRekeying() {}

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
        if (Message.findNotify(request, NotifyType.TICKET_REQUEST) == null) {
            return List.of();
        }
        if (kind != Session.Kind.RFC_5723 || sealer == null || sealer.sealsElsewhere()) {
            return List.of(Payload.Notify.of(NotifyType.TICKET_NACK));
        }
        if (!settled) {
            return List.of(Payload.Notify.of(NotifyType.TICKET_ACK));
        }
        Session session = Tickets.sessionOf(turn, fresh, old.childSas(), kind, policy);
        return Tickets.answer(request, kind, Tickets.issue(turn, fresh, sealer, kind, session));
    }
}
