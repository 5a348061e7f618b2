package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.wire.Octets;

/// How long a client waits once every gateway has failed: exponential with full jitter, so that a
/// thousand clients do not come back at once.
///
/// @param firstNanos upper bound of the first wait
/// @param maximumNanos upper bound of any wait
public record RetryPolicy(long firstNanos, long maximumNanos) {
    /// A random wait for round number `round`, 0 for the first.
    long wait(int round, Entropy entropy) {
        long ceiling = Math.min(maximumNanos, firstNanos << Math.min(round, 20));
        long random = Octets.of(entropy.octets(8)).toLong(0) >>> 1;
        return 1 + random % Math.max(1, ceiling);
    }
}
