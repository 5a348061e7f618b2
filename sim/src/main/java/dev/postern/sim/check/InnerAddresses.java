package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.wire.Identity;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The inner addresses of the clients that gateways have IKE SAs of, as their events tell.
final class InnerAddresses {
    private record Sa(Life gateway, long handle) {}

    /// Whose addresses they are at this gateway.
    record Held(Life gateway, Identity peer, List<InetAddress> addresses) {}

    private final Map<Sa, Held> held = new HashMap<>();

    /// Follows what happens, and tells of each client that a gateway has let in, before it counts.
    void see(Happening happening, Consumer<Held> letIn) {
        if (happening instanceof Happening.Stopped stopped) {
            Life life = Life.of(stopped.party());
            held.keySet().removeIf(sa -> sa.gateway().equals(life));
        } else if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.GATEWAY) {
            handled.effects().forEach(effect -> follow(Life.of(handled.party()), effect, letIn));
        }
    }

    private void follow(Life gateway, Effect effect, Consumer<Held> letIn) {
        if (effect instanceof Effect.Emit(Event.IkeSaEstablished established)) {
            Held now = new Held(gateway, established.peer(), established.innerAddresses());
            letIn.accept(now);
            held.put(new Sa(gateway, established.handle()), now);
        } else if (effect instanceof Effect.Emit(Event.IkeSaClosed closed)) {
            held.remove(new Sa(gateway, closed.handle()));
        }
    }

    Collection<Held> held() {
        return held.values();
    }
}
