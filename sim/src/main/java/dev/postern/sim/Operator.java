package dev.postern.sim;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whoever runs the gateways: knows from their events which session is whose, and keeps the list of
/// what is revoked, which every gateway reads when it starts.
final class Operator implements Observer {
    private final Simulation simulation;
    private final Map<Identity, Octets> sessions = new HashMap<>();
    private final List<Revocation> revoked = new ArrayList<>();

    Operator(Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.GATEWAY) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event.IkeSaEstablished established)) {
                    sessions.put(established.peer(), established.sessionId());
                }
            }
        }
    }

    void revokeSessionOf(int client) {
        Octets session = sessions.get(Domain.clientIdentity(client));
        if (session != null) {
            long now = new NodeClock().at(simulation.now()).epochSeconds();
            Revocation revocation = new Revocation.OfSession(session, now);
            revoked.add(revocation);
            simulation.gateways().forEach(gateway -> gateway.give(new Input.Revoke(revocation)));
        }
    }

    /// What a gateway reads when it starts.
    void instruct(SimulatedGateway gateway) {
        revoked.forEach(revocation -> gateway.give(new Input.Revoke(revocation)));
    }
}
