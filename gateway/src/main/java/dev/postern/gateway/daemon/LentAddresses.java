package dev.postern.gateway.daemon;

import dev.postern.net.AssignedAddress;
import dev.postern.net.Netlink;
import dev.postern.net.PacketSocket;
import dev.postern.net.Prefix;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// Shared addresses on an interface of ours, with a lifetime: where this process is killed or hangs
/// the kernel takes them away by itself, before the other members have given it up for lost. The
/// network learns of a move by gratuitous ARP and unsolicited neighbour advertisements.
final class LentAddresses implements SharedAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(LentAddresses.class);
    private static final int SHORTEST_SECONDS = 2;

    private final String device;
    private final List<Prefix> addresses;
    private final int seconds;
    private final Netlink netlink;
    private final PacketSocket announcer;

    private LentAddresses(
            String device,
            List<Prefix> addresses,
            int seconds,
            Netlink netlink,
            PacketSocket announcer) {
        this.device = device;
        this.addresses = addresses;
        this.seconds = seconds;
        this.netlink = netlink;
        this.announcer = announcer;
    }

    static LentAddresses open(String device, List<Prefix> addresses, Duration silence)
            throws IOException {
        Netlink netlink = Netlink.open();
        try {
            netlink.existing(device);
            int seconds = (int) Math.max(SHORTEST_SECONDS, silence.toSeconds() - 1);
            return new LentAddresses(
                    device, addresses, seconds, netlink, PacketSocket.open(device));
        } catch (IOException | RuntimeException e) {
            netlink.close();
            throw e;
        }
    }

    @Override
    public void raise(int epoch) throws IOException {
        renew();
        announce();
    }

    @Override
    public void renew() throws IOException {
        for (Prefix address : addresses) {
            netlink.lendAddress(device, address, seconds);
        }
    }

    @Override
    public void announce() throws IOException {
        for (Prefix address : addresses) {
            announce(address.address());
        }
    }

    private void announce(InetAddress address) throws IOException {
        switch (address) {
            case Inet4Address ipv4 -> {
                announcer.announceByArpRequest(ipv4);
                announcer.announceByArpReply(ipv4);
            }
            case Inet6Address ipv6 -> announcer.announceNeighbour(ipv6, ipv6, true);
            default -> LOG.error("{} is of no known family", address);
        }
    }

    @Override
    public void lower() throws IOException {
        for (AssignedAddress there : netlink.addresses()) {
            Prefix address = there.address();
            boolean shared =
                    addresses.stream().anyMatch(one -> one.address().equals(address.address()));
            if (shared && netlink.deleteAddress(there.device(), address) && !there.isOurs()) {
                LOG.warn(
                        "{} was taken from {}, where somebody else had put it: a shared address is"
                                + " there on the member that serves, and on no other",
                        address,
                        there.device());
            }
        }
    }

    @Override
    public void close() {
        announcer.close();
        netlink.close();
    }
}
