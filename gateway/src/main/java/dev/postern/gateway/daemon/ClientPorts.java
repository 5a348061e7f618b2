package dev.postern.gateway.daemon;

import dev.postern.gateway.dataplane.DataPlanePort;
import dev.postern.ike.Path;
import dev.postern.net.Netlink;
import dev.postern.net.RoutingRule;
import dev.postern.net.UdpSocketOptions;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// A client's UDP sockets, one of each IP version that this host has, bound to no address: a
/// gateway is spoken to from the one of its family, and packets leave by whatever way the kernel
/// has.
final class ClientPorts {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPorts.class);

    private final List<DataPlanePort> ports = new ArrayList<>();
    private final Netlink netlink;

    private ClientPorts(Netlink netlink) {
        this.netlink = netlink;
    }

    /// @throws IOException where the host has neither IP version
    static ClientPorts open() throws IOException {
        ClientPorts opened = new ClientPorts(Netlink.open());
        IOException refusal = null;
        for (int octets : new int[] {4, 16}) {
            InetAddress any = InetAddress.getByAddress(new byte[octets]);
            try {
                opened.ports.add(
                        DataPlanePort.open(
                                UdpSocketOptions.bind(new InetSocketAddress(any, 0)), true));
            } catch (IOException e) {
                refusal = e;
            }
        }
        if (opened.ports.isEmpty() && refusal != null) {
            opened.netlink.close();
            throw refusal;
        }
        return opened;
    }

    List<DataPlanePort> all() {
        return List.copyOf(ports);
    }

    /// Whether an ICMP message has called this peer unreachable since the last call.
    boolean isUnreachable(InetSocketAddress peer) {
        boolean unreachable = false;
        for (DataPlanePort port : ports) {
            unreachable |= peer.equals(port.socket().takeUnreachable());
        }
        return unreachable;
    }

    /// The numbers of the ports.
    List<Integer> numbers() {
        return ports.stream().map(port -> port.socket().localAddress().getPort()).toList();
    }

    /// The way to a gateway. In transport mode it begins at one address, which the selectors name;
    /// else at whatever address the kernel chooses.
    ///
    /// @throws IOException where this host lacks the gateway's IP version, or a route
    Path pathTo(InetSocketAddress gateway, boolean transport) throws IOException {
        InetSocketAddress local = towards(gateway);
        if (transport) {
            InetAddress source = sourceTowards(gateway);
            if (source == null) {
                throw new IOException(
                        "there is no route to gateway " + gateway.getAddress().getHostAddress());
            }
            local = new InetSocketAddress(source, local.getPort());
        }
        return new Path(local, gateway, true);
    }

    /// The address that the kernel would send to this gateway from, which is not by the tunnel's
    /// routes; null where there is no way. Nothing is sent for the question.
    @Nullable InetAddress sourceTowards(InetSocketAddress gateway) {
        InetSocketAddress local = ofFamily(isIpv4(gateway));
        if (local == null) {
            return null;
        }
        try {
            return netlink.sourceTowards(
                            gateway.getAddress(), RoutingRule.SourcePort.udp(local.getPort()))
                    .orElse(null);
        } catch (IOException e) {
            LOG.error("the way to {} is not known: {}", gateway, e.getMessage());
            return null;
        }
    }

    /// The socket's address that gateways of this family are spoken to from; null where this host
    /// lacks the family.
    @Nullable InetSocketAddress ofFamily(boolean ipv4) {
        return ports.stream()
                .map(port -> port.socket().localAddress())
                .filter(local -> isIpv4(local) == ipv4)
                .findFirst()
                .orElse(null);
    }

    private static boolean isIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    private InetSocketAddress towards(InetSocketAddress gateway) throws IOException {
        boolean ipv4 = isIpv4(gateway);
        InetSocketAddress local = ofFamily(ipv4);
        if (local != null) {
            return local;
        }
        throw new IOException(
                "gateway "
                        + gateway.getAddress().getHostAddress()
                        + " cannot be spoken to: this host runs without "
                        + (ipv4 ? "IPv4" : "IPv6"));
    }

    void close() {
        ports.forEach(port -> port.socket().close());
        netlink.close();
    }
}
