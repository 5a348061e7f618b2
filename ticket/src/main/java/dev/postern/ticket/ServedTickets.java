package dev.postern.ticket;

import dev.postern.crypto.AesGcm;
import dev.postern.crypto.Entropy;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

/// The sealer of a gateway that holds no TGS key: the central entity of
/// draft-dondeti-ipsec-failover-sol-00 section 6.1 seals and opens for it. What cannot be a ticket
/// is refused here, before anybody is asked. Pure, for any thread.
public final class ServedTickets implements TicketSealer {
    @Override
    public boolean sealsElsewhere() {
        return true;
    }

    @Override
    public SealResult seal(Session session, Entropy entropy) {
        return new SealResult.Elsewhere();
    }

    @Override
    public OpenResult open(Octets ticket, Session.Kind kind) {
        if (ticket.length() <= SealedTickets.HEADER_LENGTH + AesGcm.TAG_LENGTH
                || ticket.length() > SealedTickets.MAXIMUM_LENGTH) {
            return new OpenResult.Refused(TicketRefusal.MALFORMED);
        }
        return ticket.at(SealedTickets.VERSION_OFFSET) == SealedTickets.VERSION
                ? new OpenResult.Elsewhere()
                : new OpenResult.Refused(TicketRefusal.UNKNOWN_VERSION);
    }

    /// Reads the session that the central entity has found in a ticket. Whoever calls this says
    /// that the entity has proven itself: it is the verifier here.
    ///
    /// @param chain as [TicketFormat#encode] makes it; stays the caller's
    public static OpenResult read(byte[] chain, Session.Kind kind) {
        try {
            Session session = TicketFormat.decode(Octets.of(chain), kind);
            if (fits(session)) {
                return new OpenedTicket(session);
            }
            session.secret().close();
            return new OpenResult.Refused(TicketRefusal.UNREADABLE);
        } catch (MalformedException anotherFormat) {
            return new OpenResult.Refused(TicketRefusal.UNREADABLE);
        }
    }

    /// A seal tells one kind from the other; without one, the session hash does: only the 1-RTT
    /// profile has it.
    private static boolean fits(Session session) {
        return session.sessionHash().isEmpty() == (session.kind() == Session.Kind.RFC_5723);
    }
}
