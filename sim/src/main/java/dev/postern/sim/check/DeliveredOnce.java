package dev.postern.sim.check;

import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;

import java.util.HashSet;
import java.util.Set;

/// No ESP sequence number is delivered twice under one SA (RFC 4303 section 3.4.3), however often
/// the network or an attacker repeats a packet, and whichever member of a cluster it comes to, also
/// where nobody is left who remembers the last takeover.
public final class DeliveredOnce implements Checker {
    private record Packet(String party, int spi, int sequence) {}

    private final Set<Packet> delivered = new HashSet<>();

    @Override
    public String claim() {
        return "no ESP sequence number is delivered twice";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.InnerDelivered inner) {
            int spi = inner.datagram().word(0);
            int sequence = inner.datagram().word(4);
            require(
                    delivered.add(new Packet(receiver(inner.party(), world), spi, sequence)),
                    inner.party() + " delivers number " + sequence + " of an SA again");
        }
    }

    /// Members behind a shared address are one to their clients.
    private static String receiver(Party party, World world) {
        boolean member = party.role() == Party.Role.GATEWAY && world.plan().alliance().contending();
        return member ? "" : party.name();
    }
}
