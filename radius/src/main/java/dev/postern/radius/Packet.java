package dev.postern.radius;

import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

/// A well-formed RADIUS packet (RFC 2865 section 3); nothing in it is proven.
///
///     Code(1) | Identifier(1) | Length(2) | Authenticator(16) | Attributes
///
/// @param identifier 0 to 255
/// @param authenticator 16 octets
public record Packet(Code code, int identifier, Octets authenticator, Attributes attributes) {
    public static final int HEADER_LENGTH = 20;
    public static final int AUTHENTICATOR_LENGTH = 16;

    /// Octets of the longest packet.
    public static final int LONGEST = 4096;

    static final int LENGTH_OFFSET = 2;
    static final int AUTHENTICATOR_OFFSET = 4;

    /// Decodes a datagram. Octets behind the packet's own length are padding and ignored; a
    /// datagram shorter than that length is malformed.
    public static Packet decode(byte[] datagram) throws MalformedException {
        WireReader header = new WireReader(datagram);
        int number = header.u8("code");
        int identifier = header.u8("identifier");
        int length = header.u16("length");
        if (length < HEADER_LENGTH) {
            throw new MalformedException(Malformation.LENGTH_TOO_SMALL, "packet of " + length);
        }
        if (length > LONGEST || length > datagram.length) {
            throw new MalformedException(
                    Malformation.LENGTH_TOO_LARGE,
                    "packet of " + length + " in a datagram of " + datagram.length);
        }
        WireReader reader =
                new WireReader(datagram, AUTHENTICATOR_OFFSET, length - AUTHENTICATOR_OFFSET);
        Octets authenticator = reader.octets(AUTHENTICATOR_LENGTH, "authenticator");
        Code code = Code.of(number);
        if (code == null) {
            throw new MalformedException(Malformation.FIELD, "code " + number);
        }
        return new Packet(code, identifier, authenticator, Attributes.read(reader));
    }

    /// @throws IllegalArgumentException where the attributes do not fit into a packet
    public byte[] encode() {
        WireWriter writer = new WireWriter(256);
        writer.u8(code.number()).u8(identifier).u16(0).octets(authenticator);
        attributes.write(writer);
        if (writer.position() > LONGEST) {
            throw new IllegalArgumentException(
                    writer.position() + " octets are more than a RADIUS packet of 4096 holds");
        }
        writer.setU16(LENGTH_OFFSET, writer.position());
        return writer.toArray();
    }

    @Override
    public String toString() {
        return "Packet[" + code + ", " + identifier + ", " + attributes.list() + "]";
    }
}
