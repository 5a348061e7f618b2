package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Datagram;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// One request revives a session once. At one gateway a request, named by its SPIi, never stands
/// for two IKE SAs at a time; and over all gateways one switch of a session is confirmed once,
/// where each rekeying begins to count anew.
public final class OneRequestOneSession implements Checker {
    private record Sa(Life life, long handle) {}

    private record Request(Life life, long spiI) {}

    private record Switch(Octets sessionId, int rekeyings, int count) {}

    private final Map<Request, Sa> revived = new HashMap<>();
    private final Map<Sa, Switch> provisional = new HashMap<>();

    /// How often all gateways together have rekeyed a session.
    private final Map<Octets, Integer> rekeyings = new HashMap<>();

    private final Set<Switch> confirmed = new HashSet<>();

    @Override
    public String claim() {
        return "one request revives a session once";
    }

    @Override
    public void see(Happening happening, World world) {
        if (!(happening instanceof Happening.Handled handled)
                || handled.party().role() != Party.Role.GATEWAY) {
            return;
        }
        Life life = Life.of(handled.party());
        for (Effect effect : handled.effects()) {
            if (effect instanceof Effect.Emit(Event event)) {
                on(life, event, handled);
            }
        }
    }

    private void on(Life life, Event event, Happening.Handled handled) {
        Sa sa = new Sa(life, event.handle());
        if (event instanceof Event.IkeSaEstablished established && established.provisional()) {
            Switch now =
                    new Switch(
                            established.sessionId(),
                            rekeyings.getOrDefault(established.sessionId(), 0),
                            established.gatewaySwitchCount());
            provisional.put(sa, now);
            Long spiI = answered(handled);
            if (spiI != null) {
                Sa other = revived.put(new Request(life, spiI), sa);
                require(
                        other == null || !provisional.containsKey(other),
                        life + " revives a session twice from one request");
            }
        } else if (event instanceof Event.SessionConfirmed) {
            Switch confirmedNow = provisional.get(sa);
            require(
                    confirmedNow == null || confirmed.add(confirmedNow),
                    life + " confirms a switch that was confirmed before: " + confirmedNow);
        } else if (event instanceof Event.IkeSaRekeyed rekeyed) {
            rekeyings.merge(rekeyed.sessionId(), 1, Integer::sum);
        } else if (event instanceof Event.IkeSaClosed) {
            provisional.remove(sa);
        }
    }

    /// SPIi of the 1-RTT resume that this step answers.
    private static @Nullable Long answered(Happening.Handled handled) {
        for (Effect effect : handled.effects()) {
            if (effect instanceof Effect.Send send) {
                Protected message = Protected.read(Datagram.of(send.path(), send.octets()));
                if (message != null && message.isOneRoundTripResume() && message.isResponse()) {
                    return message.spiI();
                }
            }
        }
        return null;
    }
}
