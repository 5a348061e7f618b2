package dev.postern.gateway.daemon;

import dev.postern.gateway.dataplane.DataPlanePort;
import dev.postern.ike.Path;
import dev.postern.net.UdpSocketOptions;

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
    private final List<DataPlanePort> ports = new ArrayList<>();

    private ClientPorts() {}

    /// @throws IOException where the host has neither IP version
    static ClientPorts open() throws IOException {
        ClientPorts opened = new ClientPorts();
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
            InetAddress source = OuterPath.sourceTowards(gateway);
            if (source == null) {
                throw new IOException(
                        "there is no route to gateway " + gateway.getAddress().getHostAddress());
            }
            local = new InetSocketAddress(source, local.getPort());
        }
        return new Path(local, gateway, true);
    }

    private InetSocketAddress towards(InetSocketAddress gateway) throws IOException {
        boolean ipv4 = gateway.getAddress() instanceof Inet4Address;
        for (DataPlanePort port : ports) {
            InetSocketAddress local = port.socket().localAddress();
            if (local.getAddress() instanceof Inet4Address == ipv4) {
                return local;
            }
        }
        throw new IOException(
                "gateway "
                        + gateway.getAddress().getHostAddress()
                        + " cannot be spoken to: this host runs without "
                        + (ipv4 ? "IPv4" : "IPv6"));
    }

    void close() {
        ports.forEach(port -> port.socket().close());
    }
}
