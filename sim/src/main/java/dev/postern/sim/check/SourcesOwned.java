package dev.postern.sim.check;

import dev.postern.esp.InnerPacket;
import dev.postern.ike.Effect;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;
import dev.postern.wire.Octets;
import dev.postern.wire.TrafficSelector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A gateway lets nothing out of a tunnel that comes from an inner address which is not that
/// client's (RFC 4301 section 5.2), whatever the client sends.
public final class SourcesOwned implements Checker {
    private record Tunnel(Life life, int inboundSpi) {}

    private final Map<Tunnel, List<TrafficSelector>> remote = new HashMap<>();

    @Override
    public String claim() {
        return "a client sends from its own inner address only";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.GATEWAY) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.InstallChildSa(ChildSaInstallation child)) {
                    Life life = Life.of(handled.party());
                    remote.put(new Tunnel(life, child.inboundSpi()), child.remote());
                }
            }
        } else if (happening instanceof Happening.InnerDelivered inner
                && inner.party().role() == Party.Role.GATEWAY) {
            Tunnel tunnel = new Tunnel(Life.of(inner.party()), inner.datagram().word(0));
            InnerPacket packet = new InnerPacket();
            packet.read(MemorySegment.ofArray(inner.packet()), 0, inner.packet().length);
            byte[] source = packet.source().toInetAddress().getAddress();
            require(
                    remote.getOrDefault(tunnel, List.of()).stream()
                            .anyMatch(selector -> holds(selector, source)),
                    inner.party() + " lets out a packet from " + Octets.of(source).hex());
        }
    }

    private static boolean holds(TrafficSelector selector, byte[] address) {
        return selector.startAddress().getAddress().length == address.length
                && Arrays.compareUnsigned(selector.startAddress().getAddress(), address) <= 0
                && Arrays.compareUnsigned(address, selector.endAddress().getAddress()) <= 0;
    }
}
