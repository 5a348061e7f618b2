package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.Plan;
import dev.postern.sim.SimulatedClient;
import dev.postern.sim.World;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The gateways of a domain never serve two clients under one inner address, whichever share it is
/// of, at whichever site, and whatever has come between the gateways; but for the shares of a site
/// that was taken for lost while it served, which is not to be done. A client is served by the
/// gateway that it holds for its own, where that has an IKE SA of its with the address; behind a
/// shared address by any that has one.
public final class OneAddressOneClient implements Checker {
    private final InnerAddresses assigned = new InnerAddresses();
    private final Set<String> wronglyFenced = new HashSet<>();

    /// Whether somebody may be served under another address.
    private boolean changed;

    @Override
    public String claim() {
        return "a cluster gives no inner address twice";
    }

    @Override
    public void see(Happening happening, World world) {
        if (world.plan().sites() == 0) {
            return;
        }
        if (happening instanceof Happening.SiteFenced told && told.fenced()) {
            world.gateways().stream()
                    .filter(gateway -> gateway.endpoint() != null)
                    .map(gateway -> siteOf(gateway.index(), world))
                    .filter(told.site()::equals)
                    .forEach(wronglyFenced::add);
        }
        changed = isArrival(happening);
        assigned.see(happening, _ -> changed = true);
        if (changed) {
            judge(world);
        }
    }

    private static String siteOf(int gateway, World world) {
        return Plan.siteName(world.plan().siteOf(gateway));
    }

    /// Whether it is of a share that is not judged.
    private boolean isWronglyFenced(InetAddress address, World world) {
        int host = wronglyFenced.isEmpty() ? -1 : world.hostOf(address);
        return host >= 0 && wronglyFenced.contains(siteOf(host, world));
    }

    private static boolean isArrival(Happening happening) {
        return happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT
                && handled.effects().stream()
                        .anyMatch(effect -> effect instanceof Effect.Emit(Event.SwitchCompleted _));
    }

    private void judge(World world) {
        Map<InetAddress, SimulatedClient> served = new HashMap<>();
        for (SimulatedClient client : world.clients()) {
            for (InetAddress address : addressesOf(client, world.plan().alliance().contending())) {
                SimulatedClient other = served.put(address, client);
                require(
                        other == null || isWronglyFenced(address, world),
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

    /// @param shared whether any gateway may have it, at the one address
    private List<InetAddress> addressesOf(SimulatedClient client, boolean shared) {
        List<InetAddress> addresses = new ArrayList<>();
        for (InetAddress address : client.innerAddresses()) {
            boolean has =
                    assigned.held().stream()
                            .anyMatch(each ->
                                    (shared || each.gateway().name().equals(client.gateway()))
                                            && each.peer().equals(client.identity())
                                            && each.addresses().contains(address));
            if (has) {
                addresses.add(address);
            }
        }
        return addresses;
    }
}
