package dev.postern.gateway.dataplane;

import dev.postern.net.Endpoint;
import dev.postern.net.UdpSocket;

/// A UDP port of the gateway. The data plane closes the socket.
///
/// @param carriesEsp whether ESP shares the port with IKE (4500), so that IKE messages stand behind
///   a non-ESP marker (RFC 3948 section 2.2); on port 500 there is IKE alone
public record DataPlanePort(UdpSocket socket, boolean carriesEsp) {
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
