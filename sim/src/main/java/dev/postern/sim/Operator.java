package dev.postern.sim;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.TgsKeySchedule;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Whoever runs the gateways: knows from their events which session is whose, and keeps the list of
/// what is revoked, which every gateway reads when it starts.
final class Operator implements Observer {
    /// As many keys at once as a ring can hold, of tickets that are good for ten minutes. They are
    /// announced for longer than clocks drift apart within a run.
    private static final TgsKeySchedule SCHEDULE = new TgsKeySchedule(14, 6, 600);

    private final Simulation simulation;
    private final Map<Identity, Octets> sessions = new HashMap<>();
    private final List<Revocation> revoked = new ArrayList<>();
    private @Nullable TgsKeySchedule schedule;

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
            if (simulation.plan().sites() > 0) {
                anyMember().ifPresent(seat -> seat.revoke(revocation));
                return;
            }
            simulation.gateways().forEach(gateway -> gateway.give(new Input.Revoke(revocation)));
        }
    }

    /// The members of a cluster make TGS keys by a schedule from now on.
    void scheduleKeys() {
        schedule = SCHEDULE;
    }

    /// Null where the operator makes the keys.
    @Nullable TgsKeySchedule schedule() {
        return schedule;
    }

    private Optional<GridSeat> anyMember() {
        return simulation.gateways().stream()
                .map(SimulatedGateway::seat)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /// What a gateway reads when it starts: the operator's list, or in a cluster its own.
    void instruct(SimulatedGateway gateway) {
        List<Revocation> known =
                simulation.plan().sites() > 0 ? gateway.files().revocations() : revoked;
        known.forEach(revocation -> gateway.give(new Input.Revoke(revocation)));
    }
}
