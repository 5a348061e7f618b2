package dev.postern.api;

import dev.postern.ike.failover.GatewayOverview;

import java.net.InetSocketAddress;
import java.time.Duration;

/// A gateway that a client knows.
///
/// @param source `configured`, `dns-address`, `dns-service`, `application`, `announced` or
///   `redirect`
/// @param identity that it must prove; empty for any that the client accepts
/// @param serving whether it carries the session
/// @param lastResult how the client fared there, in words
/// @param avoidedFor how long it is tried after the others
public record KnownGateway(
        String name,
        String source,
        InetSocketAddress address,
        String identity,
        boolean serving,
        String lastResult,
        Duration avoidedFor) {
    static KnownGateway of(GatewayOverview.Candidate candidate) {
        return new KnownGateway(
                candidate.name(),
                candidate.source().toString(),
                candidate.address(),
                candidate.identity() == null ? "" : candidate.identity().toString(),
                candidate.serving(),
                candidate.lastResult(),
                Duration.ofNanos(candidate.avoidedForNanos()));
    }
}
