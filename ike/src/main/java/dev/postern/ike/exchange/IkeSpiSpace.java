package dev.postern.ike.exchange;

import dev.postern.crypto.Entropy;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.wire.Octets;

/// The IKE SPIs that one member chooses: member (8 bits) | 56 random bits, as many as the failover
/// profile asks for. Whoever sees one knows who answers for it.
record IkeSpiSpace(int member) {
    private static final int RANDOM_BITS = 56;

    static IkeSpiSpace of(EndpointConfiguration configuration) {
        return new IkeSpiSpace(configuration.ivPrefix().member());
    }

    /// One more; never zero, which means none (RFC 7296 section 3.1).
    long draw(Entropy entropy) {
        while (true) {
            long random = Octets.of(entropy.octets(8)).toLong(0) >>> (Long.SIZE - RANDOM_BITS);
            if (random != 0) {
                return ((long) member << RANDOM_BITS) | random;
            }
        }
    }

    /// What of an SPI is chance.
    static long randomBits(long spi) {
        return spi & ((1L << RANDOM_BITS) - 1);
    }

    boolean hasChosen(long spi) {
        return spi >>> RANDOM_BITS == member;
    }
}
