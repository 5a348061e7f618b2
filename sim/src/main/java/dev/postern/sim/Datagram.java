package dev.postern.sim;

import dev.postern.ike.Path;
import dev.postern.wire.ExchangeType;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Arrays;

/// One UDP datagram between two ports 4500, as it is on the wire: ESP, or IKE behind the non-ESP
/// marker (RFC 3948 section 2.2).
public record Datagram(InetSocketAddress from, InetSocketAddress to, byte[] octets) {
    static final int MARKER_LENGTH = 4;

    /// Where the fields of an IKE header are (RFC 7296 section 3.1).
    private static final int SPI_I = MARKER_LENGTH;

    private static final int SPI_R = MARKER_LENGTH + 8;
    private static final int FIRST_PAYLOAD = MARKER_LENGTH + 16;
    private static final int EXCHANGE_TYPE = MARKER_LENGTH + 18;
    private static final int FLAGS = MARKER_LENGTH + 19;
    private static final int INITIATOR = 0x08;
    private static final int RESPONSE = 0x20;

    /// Where the first payload begins.
    public static final int PAYLOADS = MARKER_LENGTH + 28;

    static Datagram ike(InetSocketAddress from, InetSocketAddress to, byte[] message) {
        byte[] octets = new byte[MARKER_LENGTH + message.length];
        System.arraycopy(message, 0, octets, MARKER_LENGTH, message.length);
        return new Datagram(from, to, octets);
    }

    /// One that a node sends, or has received, on this path: its own end is where it comes from.
    public static Datagram of(Path path, byte[] message) {
        return ike(path.local(), path.remote(), message);
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

    /// Whether it has a whole IKE header; only then does it have what follows here.
    public boolean hasHeader() {
        return isIke() && octets.length >= PAYLOADS;
    }

    public long spiI() {
        return doubleWord(SPI_I);
    }

    public long spiR() {
        return doubleWord(SPI_R);
    }

    /// The type of the first payload.
    public int firstPayload() {
        return octets[FIRST_PAYLOAD] & 0xff;
    }

    /// Null for a type that nobody has defined.
    public @Nullable ExchangeType exchange() {
        return ExchangeType.of(octets[EXCHANGE_TYPE] & 0xff);
    }

    /// Whether the original initiator has sent it.
    public boolean isFromInitiator() {
        return (octets[FLAGS] & INITIATOR) != 0;
    }

    public boolean isResponse() {
        return (octets[FLAGS] & RESPONSE) != 0;
    }

    /// Whether an IKE SA begins with it, or is revived.
    boolean isFirstOfExchange() {
        return hasHeader() && (exchange() == ExchangeType.IKE_SA_INIT || isResume());
    }

    /// Whether it is a message of an exchange that resumes a session.
    boolean isResume() {
        return hasHeader()
                && (exchange() == ExchangeType.IKE_SESSION_RESUME_1RTT
                        || exchange() == ExchangeType.IKE_SESSION_RESUME);
    }

    /// The same IKE message under another SPIi.
    Datagram begunUnder(byte[] spiI) {
        Datagram copy = with(from, to);
        System.arraycopy(spiI, 0, copy.octets, SPI_I, spiI.length);
        return copy;
    }
}
