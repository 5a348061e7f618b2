package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Now;
import dev.postern.wire.Octets;

/// How long a client waits for its gateways. Once every one has failed it waits exponentially
/// longer with full jitter, so that a thousand clients do not come back at once.
///
/// @param firstNanos upper bound of the first wait
/// @param maximumNanos upper bound of any wait
/// @param raceAfterNanos how long the first answer of a gateway is waited for before another one is
///   asked beside it ([Race]); 0 for never
public record RetryPolicy(long firstNanos, long maximumNanos, long raceAfterNanos) {
    /// The Connection Attempt Delay that RFC 8305 section 8 recommends.
    public static final long RACE_AFTER_NANOS = 250 * Now.NANOS_PER_MILLI;

    /// Gateways and addresses that are asked at a time.
    public static final int MOST_AT_A_TIME = 3;

    public RetryPolicy(long firstNanos, long maximumNanos) {
        this(firstNanos, maximumNanos, RACE_AFTER_NANOS);
    }

    /// A random wait once every gateway has failed in that many rounds; the first one is at most
    /// `firstNanos`.
    public long afterRounds(int failed, Entropy entropy) {
        return wait(Math.max(0, failed - 1), entropy);
    }

    /// A random wait for round number `round`, 0 for the first.
    long wait(int round, Entropy entropy) {
        long ceiling = Math.min(maximumNanos, firstNanos << Math.min(round, 20));
        long random = Octets.of(entropy.octets(8)).toLong(0) >>> 1;
        return 1 + random % Math.max(1, ceiling);
    }
}
