package dev.postern.gateway.daemon;

import dev.postern.net.Netlink;
import dev.postern.net.Prefix;
import dev.postern.net.Route;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/// The client's side of the TUN device: its inner addresses, and routes for what is reached through
/// the tunnel. All of it disappears with the device.
final class ClientNetwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientNetwork.class);

    private final Netlink netlink;
    private final String tun;
    private final List<Prefix> subnets;
    private List<InetAddress> addresses = List.of();

    private ClientNetwork(Netlink netlink, String tun, List<Prefix> subnets) {
        this.netlink = netlink;
        this.tun = tun;
        this.subnets = subnets;
    }

    static ClientNetwork open(String tun, List<Prefix> subnets) throws IOException {
        Netlink netlink = Netlink.open();
        netlink.setUp(tun);
        return new ClientNetwork(netlink, tun, subnets);
    }

    /// Puts the inner addresses on the device, in place of those before, and routes the subnets
    /// into it.
    void use(List<InetAddress> assigned) {
        try {
            for (InetAddress address : assigned) {
                netlink.addAddress(tun, Prefix.host(address));
            }
            for (InetAddress old : addresses) {
                if (!assigned.contains(old)) {
                    netlink.deleteAddress(tun, Prefix.host(old));
                }
            }
            addresses = assigned;
            for (Prefix subnet : subnets) {
                Route route = Route.through(tun, subnet);
                InetAddress source = sourceFor(subnet);
                netlink.replaceRoute(source == null ? route : route.from(source));
            }
        } catch (IOException e) {
            LOG.error("the tunnel is up and this host does not use it: {}", e.getMessage());
        }
    }

    private @Nullable InetAddress sourceFor(Prefix subnet) {
        for (InetAddress address : addresses) {
            if (Prefix.host(address).isIpv4() == subnet.isIpv4()) {
                return address;
            }
        }
        return null;
    }

    @Override
    public void close() {
        netlink.close();
    }
}
