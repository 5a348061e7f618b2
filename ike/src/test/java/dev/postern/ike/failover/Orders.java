package dev.postern.ike.failover;

import dev.postern.ike.world.SeededEntropy;

import java.util.List;

/// Orders of gateways for tests.
final class Orders {
    private Orders() {}

    /// A list by address, best first.
    static GatewayOrder of(List<GatewayCandidate> configured) {
        return new GatewayOrder(configured, DiscoveryPolicy.NONE, new Draw(new SeededEntropy(1)));
    }
}
