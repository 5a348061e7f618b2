package dev.postern.gateway.configuration;

import dev.postern.net.Prefix;
import dev.postern.wire.GatewayList;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// How the gateways of a cluster stand by for each other, and for whose sessions.
///
/// @param mode what of the rest means something
/// @param addresses with the prefix lengths of their networks
/// @param device the interface that has them where this gateway serves; null where somebody else
///   moves them
/// @param hook a program that is told when they come and go; null for none
/// @param preferred the node that serves where it can; empty for none
/// @param failback how long that is back before it gets the addresses back; zero for never
/// @param reachedAt where clients reach this member of a loose cluster
/// @param voucherLifetime how long its word for another one is good
/// @param profiles names of the profiles whose clients a standby carries on with
public record StandbySettings(
        Mode mode,
        List<Prefix> addresses,
        @Nullable String device,
        @Nullable Path hook,
        String preferred,
        Duration failback,
        List<GatewayList.Entry> reachedAt,
        Duration voucherLifetime,
        Set<String> profiles) {
    /// How the members of a cluster stand by for each other.
    public enum Mode {
        /// At addresses that they share, with the IKE SAs as they are (RFC 6311).
        TIGHT,
        /// At addresses of their own: clients are called by vouchers.
        LOOSE
    }

    static StandbySettings tight(
            List<Prefix> addresses,
            @Nullable String device,
            @Nullable Path hook,
            String preferred,
            Duration failback,
            Set<String> profiles) {
        return new StandbySettings(
                Mode.TIGHT,
                addresses,
                device,
                hook,
                preferred,
                failback,
                List.of(),
                Duration.ZERO,
                profiles);
    }

    static StandbySettings loose(
            List<GatewayList.Entry> reachedAt, Duration voucherLifetime, Set<String> profiles) {
        return new StandbySettings(
                Mode.LOOSE,
                List.of(),
                null,
                null,
                "",
                Duration.ZERO,
                reachedAt,
                voucherLifetime,
                profiles);
    }

    public StandbySettings {
        addresses = List.copyOf(addresses);
        reachedAt = List.copyOf(reachedAt);
        profiles = Set.copyOf(profiles);
    }

    /// The addresses alone.
    public Set<InetAddress> shared() {
        return addresses.stream().map(Prefix::address).collect(Collectors.toUnmodifiableSet());
    }
}
