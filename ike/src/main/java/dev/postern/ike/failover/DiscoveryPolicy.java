package dev.postern.ike.failover;

import dev.postern.ike.Now;

import java.util.List;

/// How a client finds gateways that its list does not give by address.
///
/// @param ranks of the gateways that it does give by address, in the list's order; empty where that
///   order is all there is to say
/// @param names gateways by name
/// @param patienceNanos how long an answer is waited for
/// @param shortestNanos the shortest time between two questions for a name, whatever its TTL
/// @param longestNanos the longest, whatever its TTL
public record DiscoveryPolicy(
        List<Rank> ranks,
        List<NamedGateway> names,
        AddressScope scope,
        long patienceNanos,
        long shortestNanos,
        long longestNanos) {
    /// Gateways by address alone.
    public static final DiscoveryPolicy NONE = of(List.of(), List.of());

    public DiscoveryPolicy {
        ranks = List.copyOf(ranks);
        names = List.copyOf(names);
        if (patienceNanos <= 0 || shortestNanos <= 0 || longestNanos < shortestNanos) {
            throw new IllegalArgumentException("a name is asked for once in a while");
        }
    }

    /// With the usual patience: 5 s for an answer, a question in 10 s at most and in a day at
    /// least.
    public static DiscoveryPolicy of(List<Rank> ranks, List<NamedGateway> names) {
        return new DiscoveryPolicy(
                ranks,
                names,
                AddressScope.PRIVATE,
                5 * Now.NANOS_PER_SECOND,
                10 * Now.NANOS_PER_SECOND,
                86_400 * Now.NANOS_PER_SECOND);
    }

    Rank rankOf(int listed) {
        return listed < ranks.size() ? ranks.get(listed) : new Rank(Math.min(listed, 65_534), 1);
    }
}
