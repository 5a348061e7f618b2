package dev.postern.sim;

import dev.postern.wire.ExchangeType;

import java.net.InetSocketAddress;
import java.util.Arrays;

/// One UDP datagram between two ports 4500, as it is on the wire: ESP, or IKE behind the non-ESP
/// marker (RFC 3948 section 2.2).
public record Datagram(InetSocketAddress from, InetSocketAddress to, byte[] octets) {
    static final int MARKER_LENGTH = 4;

    static Datagram ike(InetSocketAddress from, InetSocketAddress to, byte[] message) {
        byte[] octets = new byte[MARKER_LENGTH + message.length];
        System.arraycopy(message, 0, octets, MARKER_LENGTH, message.length);
        return new Datagram(from, to, octets);
    }

    public boolean isIke() {
        return octets.length > MARKER_LENGTH && word(0) == 0;
    }

    public boolean isEsp() {
        return octets.length > 16 && word(0) != 0;
    }

    /// The IKE message without the marker.
    public byte[] ikeMessage() {
        return Arrays.copyOfRange(octets, MARKER_LENGTH, octets.length);
    }

    /// The big-endian 32 bits at an offset.
    public int word(int offset) {
        return (octets[offset] & 0xff) << 24
                | (octets[offset + 1] & 0xff) << 16
                | (octets[offset + 2] & 0xff) << 8
                | (octets[offset + 3] & 0xff);
    }

    /// The big-endian 64 bits at an offset.
    public long doubleWord(int offset) {
        return (long) word(offset) << 32 | Integer.toUnsignedLong(word(offset + 4));
    }

    Datagram with(InetSocketAddress otherFrom, InetSocketAddress otherTo) {
        return new Datagram(otherFrom, otherTo, octets.clone());
    }

    /// Whether it is a message of the 1-RTT exchange.
    boolean isResume() {
        return octets.length > 22
                && (octets[22] & 0xff) == ExchangeType.IKE_SESSION_RESUME_1RTT.code();
    }
}
