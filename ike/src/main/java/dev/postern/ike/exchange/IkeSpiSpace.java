package dev.postern.ike.exchange;

import dev.postern.crypto.Entropy;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.wire.Octets;

/// The IKE SPIs that one shard of one member chooses: shard (8 bits) | member (8 bits) | 48 random
/// bits. Whoever sees one knows who answers for it.
record IkeSpiSpace(int shard, int member) {
    private static final int RANDOM_BITS = 48;

    static IkeSpiSpace of(EndpointConfiguration configuration) {
        return new IkeSpiSpace(configuration.shard(), configuration.ivPrefix().member());
    }

    private long prefix() {
        return ((long) shard << 8) | member;
    }

    /// One more; never zero, which means none (RFC 7296 section 3.1).
    long draw(Entropy entropy) {
        while (true) {
            long random = Octets.of(entropy.octets(8)).toLong(0) >>> (Long.SIZE - RANDOM_BITS);
            if (random != 0) {
                return (prefix() << RANDOM_BITS) | random;
            }
        }
    }

    boolean hasChosen(long spi) {
        return spi >>> RANDOM_BITS == prefix();
    }
}
