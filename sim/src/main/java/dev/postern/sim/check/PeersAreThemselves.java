package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedClient;
import dev.postern.sim.World;
import dev.postern.wire.Identity;

import java.util.HashMap;
import java.util.Map;

/// Whoever begins an IKE SA, in full or by a resume, is known to the gateway by its own identity,
/// whatever session a ticket or the session store has given the gateway.
public final class PeersAreThemselves implements Checker {
    /// Who has begun something under which SPIi.
    private final Map<Long, Identity> initiators = new HashMap<>();

    @Override
    public String claim() {
        return "no client is taken for another";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Sent sent
                && sent.party() instanceof SimulatedClient client
                && sent.datagram().hasHeader()
                && sent.datagram().isFromInitiator()) {
            initiators.putIfAbsent(sent.datagram().spiI(), client.identity());
        } else if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.GATEWAY) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event.IkeSaEstablished established)) {
                    judge(handled.party(), established);
                }
            }
        }
    }

    private void judge(Party gateway, Event.IkeSaEstablished established) {
        Identity initiator = initiators.get(established.spiI());
        require(
                initiator == null || initiator.equals(established.peer()),
                gateway + " takes " + initiator + " for " + established.peer());
    }
}
