package dev.postern.ike.world;

import dev.postern.crypto.Entropy;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Octets;

/// A gateway's tickets that always open, and are sealed only while it has a key to seal with.
public final class TicketsByHand implements TicketSealer {
    private final TicketSealer real = World.sealer(1);
    private boolean seals = true;

    /// No more are sealed.
    public TicketsByHand loseKey() {
        seals = false;
        return this;
    }

    public void findKey() {
        seals = true;
    }

    @Override
    public SealResult seal(Session session, Entropy entropy) {
        return seals ? real.seal(session, entropy) : new SealResult.NoKey();
    }

    @Override
    public OpenResult open(Octets ticket, Session.Kind kind) {
        return real.open(ticket, kind);
    }
}
