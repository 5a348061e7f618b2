package dev.postern.ike.exchange;

import dev.postern.ike.Event;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

/// A ticket as a client has got it. One for the 1-RTT profile revives Child SAs: it is of no use
/// before the first of them stands, where IKE_AUTH went without (RFC 6023) or the ticket was faster
/// than the answer to CREATE_CHILD_SA.
///
/// @param octets the ticket, or the reference to the session
/// @param validUntil in seconds since 1970
record ReceivedTicket(Session.Kind kind, Octets octets, long validUntil, boolean isReference) {
    /// Tells of it, now or when the first Child SA stands.
    void arrive(Turn turn, IkeSa sa) {
        if (kind == Session.Kind.ONE_ROUND_TRIP && sa.childSas().isEmpty()) {
            sa.relation().awaitChildSa(this);
            return;
        }
        Session session =
                sa.relation()
                        .established()
                        .toSession(
                                kind,
                                sa.keys(),
                                sa.childSas(),
                                turn.now().epochSeconds(),
                                validUntil);
        ResumableSession resumable =
                isReference
                        ? ResumableSession.byReference(session, octets, validUntil)
                        : new ResumableSession(session, octets, validUntil);
        turn.emit(
                new Event.TicketReceived(
                        sa.handle(), resumable.at(sa.path().local().getAddress())));
        TicketRenewal.received(turn, sa, kind, validUntil);
    }
}
