package dev.postern.sim.check;

import dev.postern.esp.InnerPackets;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedClient;
import dev.postern.sim.Terms;
import dev.postern.sim.World;
import dev.postern.wire.Octets;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// What comes out of a tunnel went into one, octet by octet, at the other side; and a client gets
/// the answers to its own requests only. In transport mode the two sides may see other addresses of
/// each other, and everything behind the IP header is the same.
public final class InnerPacketsUnaltered implements Checker {
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    /// Of ICMPv6, which covers the addresses.
    private static final int CHECKSUM = 2;

    private final Map<Octets, Party.Role> sent = new HashMap<>();

    @Override
    public String claim() {
        return "inner packets arrive as they were sent";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.InnerSent inner) {
            sent.put(lasting(inner.packet(), world), inner.party().role());
        } else if (happening instanceof Happening.InnerDelivered inner) {
            Party receiver = inner.party();
            Party.Role wanted =
                    receiver.role() == Party.Role.CLIENT ? Party.Role.GATEWAY : Party.Role.CLIENT;
            byte[] packet = inner.packet();
            require(
                    Objects.equals(sent.get(lasting(packet, world)), wanted),
                    receiver + " delivers a packet that no peer has sent");
            if (receiver instanceof SimulatedClient client) {
                InnerPackets.readEchoReply(packet)
                        .ifPresent(reply ->
                                require(
                                        reply.identifier() == client.index() + 1,
                                        receiver + " gets the answer to somebody else's request"));
            }
        }
    }

    /// What is the same at both ends.
    private static Octets lasting(byte[] packet, World world) {
        if (!world.plan().terms().extras().contains(Terms.Extra.TRANSPORT)) {
            return Octets.of(packet);
        }
        if (packet[0] >>> 4 == 4) {
            return Octets.of(Arrays.copyOfRange(packet, IPV4_HEADER, packet.length));
        }
        byte[] message = Arrays.copyOfRange(packet, IPV6_HEADER, packet.length);
        Arrays.fill(message, CHECKSUM, CHECKSUM + 2, (byte) 0);
        return Octets.of(message);
    }
}
