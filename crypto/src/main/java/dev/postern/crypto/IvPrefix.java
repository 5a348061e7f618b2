package dev.postern.crypto;

/// The part of an explicit IV that no other gateway uses: member (8 bits) | takeover epoch (16
/// bits), in front of a counter of 40 bits (failover profile, "Nonces"). Two gateways that hold the
/// same key, knowingly or in a split, never make the same IV from it.
///
/// @param member 0 to 255, unique in the secure domain; clients, which nobody takes over, use 0
/// @param epoch 0 to 65535, raised durably with each takeover
public record IvPrefix(int member, int epoch) {
    public static final long MAXIMUM_COUNTER = (1L << 40) - 1;

    public IvPrefix {
        if (member >>> 8 != 0 || epoch >>> 16 != 0) {
            throw new IllegalArgumentException(
                    "member " + member + " must be 0 to 255, epoch " + epoch + " 0 to 65535");
        }
    }

    /// The IV with this counter, 0 to [#MAXIMUM_COUNTER].
    public long iv(long counter) {
        return (long) member << 56 | (long) epoch << 40 | counter;
    }
}
