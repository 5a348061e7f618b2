package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.discovery.GatewayNames;
import dev.postern.gateway.discovery.WayOut;
import dev.postern.gateway.discovery.Ways;
import dev.postern.ike.Path;
import dev.postern.ike.failover.GatewayCandidate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// From where to where a client speaks to its gateways.
final class GatewayPaths {
    private GatewayPaths() {}

    /// The gateways that the client's file gives by address, in its order.
    ///
    /// @throws IOException where this host cannot speak to one of them
    static List<GatewayCandidate> of(ClientConfiguration configuration, ClientPorts ports)
            throws IOException {
        List<GatewayCandidate> gateways = new ArrayList<>();
        for (ClientConfiguration.Gateway gateway : configuration.gateways()) {
            if (gateway.name() == null) {
                Path path = ports.pathTo(gateway.address(), configuration.isTransport());
                gateways.add(
                        new GatewayCandidate(
                                gateway.identity().toString(), gateway.identity(), path));
            }
        }
        return gateways;
    }

    /// Looks the others up.
    static GatewayNames names(ClientConfiguration configuration, ClientPorts ports, WayOut wayOut) {
        return new GatewayNames(
                configuration.discovery().servers(),
                configuration.discovery().patience(),
                ways(configuration, ports),
                wayOut);
    }

    static Ways ways(ClientConfiguration configuration, ClientPorts ports) {
        return gateway -> way(gateway, ports, configuration.isTransport());
    }

    /// Null where no packet of ours gets there, which spares an attempt.
    private static @Nullable Path way(
            InetSocketAddress gateway, ClientPorts ports, boolean transport) {
        try {
            return ports.sourceTowards(gateway) == null ? null : ports.pathTo(gateway, transport);
        } catch (IOException noSuchFamily) {
            return null;
        }
    }
}
