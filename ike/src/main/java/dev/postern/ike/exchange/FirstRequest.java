package dev.postern.ike.exchange;

import dev.postern.crypto.Hash;
import dev.postern.wire.Message;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// The name of a request that begins an IKE SA: all its octets (RFC 7296 section 2.1). SPIi and
/// address would not do: two initiators behind one NAT may choose the same SPIi, and who has seen
/// or guessed another's SPIi could come first under it and be taken for the other. Nor is the
/// address part of the name: a NAT may give a retransmission another one, and a copy that somebody
/// sends from elsewhere must not become a second IKE SA.
///
/// The octets are hashed no earlier than two requests with the same SPIi meet, so that a flood
/// under SPIs of its own costs no hash.
final class FirstRequest implements Comparable<FirstRequest> {
    private final long spiI;
    private byte @Nullable [] octets;
    private long high;
    private long low;

    private FirstRequest(Message message) {
        this.spiI = message.header().spiI();
        this.octets = message.octets().array();
    }

    /// To look for one like it.
    static FirstRequest of(Message message) {
        return new FirstRequest(message);
    }

    /// To keep: it no longer holds the octets.
    static FirstRequest kept(Message message) {
        FirstRequest name = new FirstRequest(message);
        name.digest();
        return name;
    }

    private void digest() {
        if (octets != null) {
            Octets digest = Octets.of(Hash.SHA_256.digest(octets));
            high = digest.toLong(0);
            low = digest.toLong(Long.BYTES);
            octets = null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof FirstRequest that) || spiI != that.spiI) {
            return false;
        }
        digest();
        that.digest();
        return high == that.high && low == that.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(spiI);
    }

    /// An order, for a table in which somebody has many names under one SPIi.
    @Override
    public int compareTo(FirstRequest that) {
        if (spiI != that.spiI) {
            return Long.compare(spiI, that.spiI);
        }
        digest();
        that.digest();
        return high != that.high ? Long.compare(high, that.high) : Long.compare(low, that.low);
    }
}
