package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;

/// A client sets up an IKE SA with gateways of its own domain and with nobody else, whoever has its
/// credentials (failover profile, "What a client may never do").
public final class OwnDomainOnly implements Checker {
    @Override
    public String claim() {
        return "a client stays within its domain";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event.IkeSaEstablished established)) {
                    require(
                            world.isOfDomain(established.peer()),
                            handled.party() + " lets itself be served by " + established.peer());
                }
            }
        }
    }
}
