package dev.postern.sim.check;

import dev.postern.esp.InnerPackets;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedClient;
import dev.postern.sim.World;
import dev.postern.wire.Octets;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// What comes out of a tunnel went into one, octet by octet, at the other side; and a client gets
/// the answers to its own requests only.
public final class InnerPacketsUnaltered implements Checker {
    private static final int IDENTIFIER_OFFSET = 24;

    private final Map<Octets, Party.Role> sent = new HashMap<>();

    @Override
    public String claim() {
        return "inner packets arrive as they were sent";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.InnerSent inner) {
            sent.put(Octets.of(inner.packet()), inner.party().role());
        } else if (happening instanceof Happening.InnerDelivered inner) {
            Party receiver = inner.party();
            Party.Role wanted =
                    receiver.role() == Party.Role.CLIENT ? Party.Role.GATEWAY : Party.Role.CLIENT;
            byte[] packet = inner.packet();
            require(
                    Objects.equals(sent.get(Octets.of(packet)), wanted),
                    receiver + " delivers a packet that no peer has sent");
            if (receiver instanceof SimulatedClient client
                    && InnerPackets.readEchoReply(packet).isPresent()) {
                require(
                        packet[IDENTIFIER_OFFSET + 1] == client.index() + 1,
                        receiver + " gets the answer to somebody else's request");
            }
        }
    }
}
