package dev.postern.gateway.dataplane;

import dev.postern.net.Endpoint;
import dev.postern.net.PathMtuDiscovery;
import dev.postern.net.UdpSocket;
import dev.postern.net.UdpSocketOptions;

import java.io.IOException;
import java.net.Inet4Address;

/// A UDP port of the gateway. The data plane closes the socket.
///
/// @param carriesEsp whether ESP shares the port with IKE (4500), so that IKE messages stand behind
///   a non-ESP marker (RFC 3948 section 2.2); on port 500 there is IKE alone
public record DataPlanePort(UdpSocket socket, boolean carriesEsp) {
    /// Opens a port whose datagrams may be fragmented on their way, and which hears what ICMP says
    /// of its paths. Over IPv4 no ICMP message moves the kernel to anything: what it says is judged
    /// here (`PathMtu`). Over IPv6, where nobody but the sender fragments, the kernel has to know.
    public static DataPlanePort open(UdpSocketOptions options, boolean carriesEsp)
            throws IOException {
        boolean four = options.address().getAddress() instanceof Inet4Address;
        UdpSocket socket =
                UdpSocket.open(
                        four ? options.withPathMtuDiscovery(PathMtuDiscovery.OMIT) : options);
        socket.reportPathErrors();
        return new DataPlanePort(socket, carriesEsp);
    }

    /// Whether datagrams from `local` can leave here.
    boolean serves(Endpoint local) {
        Endpoint bound = socket.local();
        return bound.port() == local.port()
                && (bound.hasAddressOf(local)
                        || (isWildcard(bound) && bound.isIpv4() == local.isIpv4()));
    }

    static boolean isWildcard(Endpoint endpoint) {
        return endpoint.high() == 0
                && (endpoint.low() == 0 || (endpoint.isIpv4() && (int) endpoint.low() == 0));
    }
}
