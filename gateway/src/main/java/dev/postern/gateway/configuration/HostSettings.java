package dev.postern.gateway.configuration;

import dev.postern.host.ResolverKind;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/// What a client may change on its host.
///
/// @param usesResolver whether names are asked for through the tunnel
/// @param resolver who keeps the host's settings; null for whoever is found
/// @param servers that are asked while the tunnel stands
/// @param domains names in them alone are; empty for all names
/// @param state directory of the files that say what has been changed
/// @param barrier whether what the tunnel is to carry is refused as long as it does not
public record HostSettings(
        boolean usesResolver,
        @Nullable ResolverKind resolver,
        List<InetAddress> servers,
        List<String> domains,
        Path state,
        boolean barrier) {
    public HostSettings {
        servers = List.copyOf(servers);
        domains = List.copyOf(domains);
    }
}
