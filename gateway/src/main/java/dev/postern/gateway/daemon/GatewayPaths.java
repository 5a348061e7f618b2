package dev.postern.gateway.daemon;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.discovery.Ways;
import dev.postern.ike.Path;
import dev.postern.ike.failover.GatewayCandidate;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// From where to where a client speaks to its gateways.
///
/// @param reached those that its file gives by address, in its order
/// @param apart those of them that this host cannot speak to as it is now: it lacks their IP
///   version, or in transport mode the address that packets would come from. They are looked at
///   again from time to time, and are in nobody's way.
record GatewayPaths(List<GatewayCandidate> reached, List<ClientConfiguration.Gateway> apart) {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayPaths.class);

    static GatewayPaths of(ClientConfiguration configuration, ClientPorts ports) {
        List<GatewayCandidate> gateways = new ArrayList<>();
        List<ClientConfiguration.Gateway> apart = new ArrayList<>();
        for (ClientConfiguration.Gateway gateway : configuration.gateways()) {
            if (gateway.name() != null) {
                continue;
            }
            try {
                Path path = ports.pathTo(gateway.address(), configuration.isTransport());
                gateways.add(
                        new GatewayCandidate(
                                gateway.identity().toString(), gateway.identity(), path));
            } catch (IOException e) {
                LOG.warn("{}; it is looked at again", e.getMessage());
                apart.add(gateway);
            }
        }
        return new GatewayPaths(List.copyOf(gateways), List.copyOf(apart));
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
