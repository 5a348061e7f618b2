package dev.postern.ticket.store;

import dev.postern.wire.Octets;
import dev.postern.wire.WireWriter;

/// Names a record: the SPI pair of the IKE SA that it can revive, or 16 random octets. No secret:
/// it travels in clear text.
public record SessionReference(Octets octets) {
    public static final int LENGTH = 16;

    /// @throws IllegalArgumentException where there are not 16 octets
    public SessionReference {
        if (octets.length() != LENGTH) {
            throw new IllegalArgumentException(
                    "a session reference of " + octets.length() + " octets, 16 are wanted");
        }
    }

    public static SessionReference ofSpis(long spiI, long spiR) {
        return new SessionReference(Octets.of(new WireWriter(LENGTH).i64(spiI).i64(spiR).finish()));
    }

    @Override
    public String toString() {
        return octets.hex();
    }
}
