package dev.postern.wire;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Whole messages, RFC 7296 section 3.1. Octets here never include the non-ESP marker of RFC 3948.
public final class MessageCodec {
    private MessageCodec() {}

    /// Decodes the clear-text part of a message. `octets` is the whole datagram and is kept by the
    /// result.
    ///
    /// @throws MalformedException for anything that is not a well-formed IKEv2 message
    public static Message decode(byte[] octets) throws MalformedException {
        WireReader reader = new WireReader(octets);
        Header header = Header.decode(reader, octets.length);
        int first = octets[16] & 0xff;
        List<Payload> payloads =
                PayloadCodec.decodeChain(reader, first, PayloadCodec.Chain.MESSAGE);
        return new Message(header, payloads, Octets.of(octets));
    }

    /// Whether these octets claim a major version above 2: such a request is answered with
    /// INVALID_MAJOR_VERSION, section 2.5. Only the header's shape is judged.
    public static boolean claimsHigherMajorVersion(byte[] octets) {
        return octets.length >= Header.LENGTH && (octets[17] & 0xff) >>> 4 > 2;
    }

    /// SPIs, flags and Message ID of a message of another version, for the answer that says so;
    /// null where even its exchange type is unknown.
    public static @Nullable Header foreignHeader(byte[] octets) {
        byte[] asOurs = octets.clone();
        asOurs[17] = 0x20;
        try {
            return Header.decode(new WireReader(asOurs), octets.length);
        } catch (MalformedException e) {
            return null;
        }
    }

    /// A message in clear text.
    public static byte[] encode(Header header, List<Payload> payloads) {
        WireWriter writer = new WireWriter(512);
        encodeClearPart(writer, header, payloads, PayloadType.NONE);
        Header.setLength(writer, writer.position());
        return writer.toArray();
    }

    /// Header and clear-text payloads of a message whose next payload, `nextType`, the caller
    /// writes. The header's length field is left to the caller ([Header#setLength]).
    public static void encodeClearPart(
            WireWriter writer, Header header, List<Payload> payloads, int nextType) {
        header.encode(writer, payloads.isEmpty() ? nextType : payloads.getFirst().typeCode());
        PayloadCodec.encodeChain(writer, payloads, nextType);
    }
}
