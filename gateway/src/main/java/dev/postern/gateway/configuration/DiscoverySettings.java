package dev.postern.gateway.configuration;

import dev.postern.ike.failover.AddressScope;
import dev.postern.wire.Identity;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// How a client finds the gateways that its file gives by name.
///
/// @param servers that are asked; empty for the host's
/// @param scope which addresses are taken from an answer
/// @param identities of gateways that are known by none of the file's tables
/// @param patience for an answer
/// @param shortest time between two questions for a name, whatever its TTL
/// @param longest the same
public record DiscoverySettings(
        List<InetSocketAddress> servers,
        AddressScope scope,
        List<Identity> identities,
        Duration patience,
        Duration shortest,
        Duration longest) {
    public DiscoverySettings {
        servers = List.copyOf(servers);
        identities = List.copyOf(identities);
    }
}
