package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.Origin;
import dev.postern.ike.Now;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedGateway;
import dev.postern.sim.World;
import dev.postern.wire.Identity;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What another site has taken along of a site that is back is nobody's there: a member that has
/// known for a while that an address is with another site gives it to nobody who never had it.
public final class TakenAlong implements Checker {
    /// Between an address and the IKE SA that has it the session store may be asked.
    private static final long UNDER_WAY_NANOS = 3 * Now.NANOS_PER_SECOND;

    private record Known(Life member, InetAddress address) {}

    /// When a member has heard of it last.
    private final Map<Known, Long> heard = new HashMap<>();

    private final Map<InetAddress, Set<Identity>> had = new HashMap<>();

    @Override
    public String claim() {
        return "what a site has lost to another it gives to nobody new";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.AddressTaken told) {
            heard.put(new Known(Life.of(told.party()), told.address()), world.now());
        } else if (happening instanceof Happening.Handled handled
                && handled.party() instanceof SimulatedGateway gateway
                && gateway.role() == Party.Role.GATEWAY
                && world.plan().sites() > 1) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event.IkeSaEstablished established)) {
                    letIn(gateway, established, world);
                }
            }
        }
    }

    private void letIn(SimulatedGateway gateway, Event.IkeSaEstablished established, World world) {
        for (InetAddress address : established.innerAddresses()) {
            Set<Identity> before = had.computeIfAbsent(address, _ -> new HashSet<>());
            Long since = heard.get(new Known(Life.of(gateway), address));
            require(
                    before.contains(established.peer())
                            || established.origin() == Origin.TAKEN_OVER
                            || since == null
                            || world.now() - since < UNDER_WAY_NANOS
                            || !world.knowsTaken(gateway, address),
                    gateway
                            + " gives "
                            + established.peer()
                            + " "
                            + address.getHostAddress()
                            + ", which is with another site");
            before.add(established.peer());
        }
    }
}
