package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.ike.Path;
import dev.postern.ike.failover.GatewayCandidate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// From where to where a client speaks to its gateways.
final class GatewayPaths {
    private GatewayPaths() {}

    /// The gateways of the client's file, in its order.
    ///
    /// @throws IOException where one of them has no address, or none that this host can speak to
    static List<GatewayCandidate> of(ClientConfiguration configuration, ClientPorts ports)
            throws IOException {
        List<GatewayCandidate> gateways = new ArrayList<>();
        for (ClientConfiguration.Gateway gateway : configuration.gateways()) {
            Path path = ports.pathTo(resolve(gateway.address()), configuration.isTransport());
            gateways.add(
                    new GatewayCandidate(gateway.identity().toString(), gateway.identity(), path));
        }
        return gateways;
    }

    private static InetSocketAddress resolve(InetSocketAddress address)
            throws UnknownHostException {
        if (!address.isUnresolved()) {
            return address;
        }
        return new InetSocketAddress(
                InetAddress.getByName(address.getHostString()), address.getPort());
    }
}
