package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A client's packets go under an IKE SA only once that has come to serve: what stands by at
/// another gateway, or has lost a race, carries nothing.
public final class OnlyWhatServesCarries implements Checker {
    /// Of one life of a client.
    private static final class Seen {
        final Map<Integer, Long> children = new HashMap<>();
        final Set<Long> served = new HashSet<>();
        final Set<Integer> activated = new HashSet<>();
    }

    private final Map<Life, Seen> clients = new HashMap<>();

    @Override
    public String claim() {
        return "only what serves carries packets";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT) {
            Life life = Life.of(handled.party());
            Seen seen = clients.computeIfAbsent(life, _ -> new Seen());
            handled.effects().forEach(effect -> follow(seen, effect));
            for (int spi : seen.activated) {
                Long handle = seen.children.get(spi);
                require(
                        handle == null || seen.served.contains(handle),
                        life + " sends packets under an IKE SA that does not serve it");
            }
            seen.activated.clear();
        }
    }

    private static void follow(Seen seen, Effect effect) {
        if (effect instanceof Effect.InstallChildSa install) {
            seen.children.put(install.installation().inboundSpi(), install.installation().handle());
        } else if (effect instanceof Effect.ActivateChildSa activate) {
            seen.activated.add(activate.inboundSpi());
        } else if (effect instanceof Effect.RemoveChildSa remove) {
            seen.children.remove(remove.inboundSpi());
        } else if (effect instanceof Effect.Emit(Event.SwitchCompleted completed)) {
            seen.served.add(completed.handle());
        }
    }
}
