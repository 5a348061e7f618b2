package dev.postern.sim.check;

import dev.postern.cluster.LentAddresses;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Now;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.Plan;
import dev.postern.sim.SimulatedGateway;
import dev.postern.sim.World;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// A client keeps an inner address at another site than its own only where that site counts as
/// lost: no member comes to own an address of another site's share unless its site has fenced that
/// one, and none lets anybody in under such an address that its site does not own. Whoever owns one
/// has that noted again, whether the fence stands or not, before the note is forgotten.
public final class OnlyTheFencedLose implements Checker {
    /// Who asks while the fence stands may own the address when it has been lifted.
    private static final long UNDER_WAY_NANOS = 10 * Now.NANOS_PER_SECOND;

    private record Fence(int by, String site) {}

    private record Taken(int by, InetAddress address) {}

    /// Until when each has stood; for ever for one that stands.
    private final Map<Fence, Long> fences = new HashMap<>();

    /// When each was noted last.
    private final Map<Taken, Long> taken = new HashMap<>();

    @Override
    public String claim() {
        return "an address is kept at another site only where its own is fenced";
    }

    @Override
    public void see(Happening happening, World world) {
        if (world.plan().sites() < 2) {
            return;
        }
        switch (happening) {
            case Happening.SiteFenced told -> {
                Fence fence = new Fence(siteOf(told.party(), world), told.site());
                if (told.fenced()) {
                    fences.put(fence, Long.MAX_VALUE);
                } else {
                    fences.replace(fence, Long.MAX_VALUE, world.now());
                }
            }
            case Happening.Owned owned -> owned(owned, world);
            case Happening.Handled handled when handled.party().role() == Party.Role.GATEWAY ->
                    handled.effects().forEach(effect -> letIn(handled.party(), effect, world));
            default -> {}
        }
    }

    private static int siteOf(Party party, World world) {
        return world.plan().siteOf(((SimulatedGateway) party).index());
    }

    private void owned(Happening.Owned owned, World world) {
        int by = siteOf(owned.party(), world);
        for (int host = 0; host < world.plan().gateways(); host++) {
            for (InetAddress address : world.share(host)) {
                if (owned.thing().equals(LentAddresses.thing(address))
                        && world.plan().siteOf(host) != by) {
                    Fence fence = new Fence(by, Plan.siteName(world.plan().siteOf(host)));
                    Long stood = fences.get(fence);
                    Taken now = new Taken(by, address);
                    require(
                            isNoted(now, world)
                                    || (stood != null && world.now() - UNDER_WAY_NANOS <= stood),
                            owned.party()
                                    + " owns "
                                    + address.getHostAddress()
                                    + " of "
                                    + fence.site()
                                    + ", which is not fenced");
                    taken.put(now, world.now());
                }
            }
        }
    }

    private boolean isNoted(Taken address, World world) {
        Long noted = taken.get(address);
        long lasts = world.plan().ticketLifetimeSeconds() * Now.NANOS_PER_SECOND;
        return noted != null && world.now() - noted <= lasts + UNDER_WAY_NANOS;
    }

    private void letIn(Party gateway, Effect effect, World world) {
        if (effect instanceof Effect.Emit(Event.IkeSaEstablished established)) {
            int by = siteOf(gateway, world);
            for (InetAddress address : established.innerAddresses()) {
                int host = world.hostOf(address);
                require(
                        host < 0
                                || world.plan().siteOf(host) == by
                                || isNoted(new Taken(by, address), world),
                        gateway
                                + " lets "
                                + established.peer()
                                + " in under "
                                + address.getHostAddress()
                                + ", which is another site's");
            }
        }
    }
}
