package dev.postern.crypto;

/// The only source of randomness of the core. Production wraps the platform's `SecureRandom`; the
/// simulator and the tests pass a seeded stream, so that a run can be repeated octet by octet. Not
/// thread-safe: one per shard.
@FunctionalInterface
public interface Entropy {
    /// Overwrites `octets` with random octets.
    void fill(byte[] octets);

    /// `length` fresh random octets.
    default byte[] octets(int length) {
        byte[] octets = new byte[length];
        fill(octets);
        return octets;
    }
}
