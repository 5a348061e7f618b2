package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;
import dev.postern.wire.Identity;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// At one gateway no inner address belongs to two clients. One that sets its session up anew takes
/// its address over from its earlier one.
public final class AddressesUnique implements Checker {
    private record Sa(Life life, long handle) {}

    private record Holder(Identity peer, List<InetAddress> addresses) {}

    private final Map<Sa, Holder> holders = new HashMap<>();

    @Override
    public String claim() {
        return "no inner address at two clients";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Stopped stopped) {
            Life life = Life.of(stopped.party());
            holders.keySet().removeIf(sa -> sa.life().equals(life));
        } else if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.GATEWAY) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event event)) {
                    follow(Life.of(handled.party()), event);
                }
            }
        }
    }

    private void follow(Life life, Event event) {
        Sa sa = new Sa(life, event.handle());
        if (event instanceof Event.IkeSaEstablished established) {
            Holder holder = new Holder(established.peer(), established.innerAddresses());
            for (Map.Entry<Sa, Holder> other : holders.entrySet()) {
                require(
                        !other.getKey().life().equals(life)
                                || other.getValue().peer().equals(holder.peer())
                                || other.getValue().addresses().stream()
                                        .noneMatch(holder.addresses()::contains),
                        life + " gives " + holder.addresses() + " to two clients");
            }
            holders.put(sa, holder);
        } else if (event instanceof Event.IkeSaClosed) {
            holders.remove(sa);
        }
    }
}
