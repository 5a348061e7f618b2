package dev.postern.ike.failover;

import dev.postern.crypto.Entropy;
import dev.postern.wire.Octets;

/// Chances by weight: sorted by them, whatever comes first does so in proportion to its weight
/// among those that are left, as RFC 2782 has it.
final class Draw {
    /// Weight 0 has a small chance, not none.
    private static final double LEAST_WEIGHT = 1.0 / 256;

    private final Entropy entropy;

    Draw(Entropy entropy) {
        this.entropy = entropy;
    }

    double chance(int weight) {
        long random = Octets.of(entropy.octets(8)).toLong(0) >>> 11;
        double uniform = (random + 1) * 0x1.0p-53;
        return -Math.log(uniform) / Math.max(weight, LEAST_WEIGHT);
    }

    /// A number from 0 up to `bound`, exclusive.
    long below(long bound) {
        return (Octets.of(entropy.octets(8)).toLong(0) >>> 1) % bound;
    }
}
