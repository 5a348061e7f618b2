package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedClient;
import dev.postern.sim.World;
import dev.postern.wire.Identity;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The gateways of a cluster never serve two clients under one inner address, whichever share it is
/// of, at whichever site, and whatever has come between the gateways. A client is served by the
/// gateway that it holds for its own, where that has an IKE SA of its with the address.
public final class OneAddressOneClient implements Checker {
    private record Sa(Life life, long handle) {}

    private record Holder(Identity peer, List<InetAddress> addresses) {}

    private final Map<Sa, Holder> holders = new HashMap<>();

    @Override
    public String claim() {
        return "a cluster gives no inner address twice";
    }

    @Override
    public void see(Happening happening, World world) {
        if (world.plan().sites() == 0) {
            return;
        }
        if (happening instanceof Happening.Stopped stopped) {
            Life life = Life.of(stopped.party());
            holders.keySet().removeIf(sa -> sa.life().equals(life));
        } else if (happening instanceof Happening.Handled handled) {
            boolean changed = false;
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event event)) {
                    changed |= follow(handled.party(), event);
                }
            }
            if (changed) {
                judge(world);
            }
        }
    }

    /// Whether somebody may be served under another address.
    private boolean follow(Party party, Event event) {
        if (party.role() == Party.Role.CLIENT) {
            return event instanceof Event.SwitchCompleted;
        }
        Sa sa = new Sa(Life.of(party), event.handle());
        if (event instanceof Event.IkeSaEstablished established
                && party.role() == Party.Role.GATEWAY) {
            holders.put(sa, new Holder(established.peer(), established.innerAddresses()));
            return true;
        } else if (event instanceof Event.IkeSaClosed) {
            holders.remove(sa);
        }
        return false;
    }

    private void judge(World world) {
        Map<InetAddress, SimulatedClient> served = new HashMap<>();
        for (SimulatedClient client : world.clients()) {
            for (InetAddress address : addressesOf(client)) {
                SimulatedClient other = served.put(address, client);
                require(
                        other == null,
                        client
                                + " at "
                                + client.gateway()
                                + " and "
                                + other
                                + " at "
                                + (other == null ? "" : other.gateway())
                                + " are both served under "
                                + address.getHostAddress());
            }
        }
    }

    private List<InetAddress> addressesOf(SimulatedClient client) {
        List<InetAddress> addresses = new ArrayList<>();
        for (InetAddress address : client.innerAddresses()) {
            boolean has =
                    holders.entrySet().stream()
                            .anyMatch(each ->
                                    each.getKey().life().name().equals(client.gateway())
                                            && each.getValue().peer().equals(client.identity())
                                            && each.getValue().addresses().contains(address));
            if (has) {
                addresses.add(address);
            }
        }
        return addresses;
    }
}
