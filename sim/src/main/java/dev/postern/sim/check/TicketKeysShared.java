package dev.postern.sim.check;

import dev.postern.cluster.View;
import dev.postern.ike.Now;
import dev.postern.sim.Checker;
import dev.postern.sim.Fault;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedGateway;
import dev.postern.sim.World;
import dev.postern.wire.Octets;

import java.util.HashMap;
import java.util.Map;

/// What one member of a cluster seals, the others can open: the key that a new ticket names is at
/// every member that has been in one view with its gateway for a while. That is what a key is
/// announced for before it seals (draft section 6.1), and holds as long as clocks differ, and words
/// between members take, less than that.
public final class TicketKeysShared implements Checker {
    private static final long SETTLED_NANOS = 5 * Now.NANOS_PER_SECOND;

    private record Seen(View view, long since) {}

    private final Map<String, Seen> views = new HashMap<>();

    @Override
    public String claim() {
        return "a ticket's key is at every member that its gateway sees";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Seated seated) {
            Seen before = views.get(seated.party().name());
            if (before == null || !before.view().equals(seated.view())) {
                views.put(seated.party().name(), new Seen(seated.view(), world.now()));
            }
        } else if (happening instanceof Happening.SessionSealed(Party party, _, Octets ticket)
                && party.role() == Party.Role.GATEWAY
                && world.plan().faults().stream().noneMatch(TicketKeysShared::isTooMuch)) {
            judge(party, ticket.toLong(0), world);
        }
    }

    private static boolean isTooMuch(Fault fault) {
        return fault instanceof Fault.SlowGrid || fault instanceof Fault.WallClock;
    }

    private void judge(Party sealing, long spi, World world) {
        Seen seen = views.get(sealing.name());
        if (seen == null || !isSettled(seen, world)) {
            return;
        }
        for (SimulatedGateway other : world.gateways()) {
            Seen its = views.get(other.name());
            boolean together =
                    its != null
                            && isSettled(its, world)
                            && its.view().equals(seen.view())
                            && other.endpoint() != null;
            require(
                    !together || other.ticketKeys().stream().anyMatch(key -> key.spi() == spi),
                    sealing + " seals under a key that " + other + " has not got");
        }
    }

    private static boolean isSettled(Seen seen, World world) {
        return !seen.view().members().isEmpty() && world.now() - seen.since() >= SETTLED_NANOS;
    }
}
