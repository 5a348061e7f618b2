package dev.postern.gateway.configuration;

import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The addresses that the gateways of a cluster share, and whose sessions go with them.
///
/// @param addresses with the prefix lengths of their networks
/// @param device the interface that has them where this gateway serves; null where somebody else
///   moves them
/// @param hook a program that is told when they come and go; null for none
/// @param preferred the node that serves where it can; empty for none
/// @param failback how long that is back before it gets the addresses back; zero for never
/// @param profiles names of the profiles whose clients a standby carries on with
public record StandbySettings(
        List<Prefix> addresses,
        @Nullable String device,
        @Nullable Path hook,
        String preferred,
        Duration failback,
        Set<String> profiles) {
    /// How the members of a cluster stand by for each other.
    public enum Mode {
        /// At addresses that they share, with the IKE SAs as they are (RFC 6311).
        TIGHT
    }

    public StandbySettings {
        addresses = List.copyOf(addresses);
        profiles = Set.copyOf(profiles);
    }

    /// The addresses alone.
    public Set<InetAddress> shared() {
        return addresses.stream().map(Prefix::address).collect(Collectors.toUnmodifiableSet());
    }
}
