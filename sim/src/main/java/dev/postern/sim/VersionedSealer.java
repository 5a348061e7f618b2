package dev.postern.sim;

import dev.postern.crypto.Entropy;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// The TGS keys of a gateway, as the version that it runs uses them; whoever watches is told what
/// it seals and opens.
record VersionedSealer(
        Simulation simulation, SimulatedGateway gateway, TicketSealer keys, Version version)
        implements TicketSealer {
    @Override
    public SealResult seal(Session session, Entropy entropy) {
        Session written = version.written(session);
        SealResult result = keys.seal(written, entropy);
        if (result instanceof SealResult.Sealed(Octets ticket)) {
            simulation.tell(new Happening.SessionSealed(gateway, written, ticket));
        }
        return result;
    }

    @Override
    public OpenResult open(Octets ticket, Session.Kind kind) {
        OpenResult result = keys.open(ticket, kind);
        if (result instanceof OpenedTicket opened) {
            simulation.tell(new Happening.SessionOpened(gateway, opened.session()));
        }
        return result;
    }

    @Override
    public @Nullable Octets sealReference(SessionReference reference, long nowSeconds) {
        return keys.sealReference(reference, nowSeconds);
    }

    @Override
    public @Nullable SessionReference openReference(Octets presented) {
        return keys.openReference(presented);
    }

    @Override
    public String toString() {
        return "sealer of " + gateway;
    }
}
