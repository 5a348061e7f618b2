package dev.postern.ike.sa;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.PayloadCipher;
import dev.postern.wire.Header;
import dev.postern.wire.Malformation;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadCodec;
import dev.postern.wire.PayloadType;
import dev.postern.wire.WireReader;
import dev.postern.wire.WireWriter;

import java.util.Arrays;
import java.util.List;

/// The SK payload, RFC 7296 section 3.14 and RFC 5282: sealing and opening of whole messages. The
/// associated data reach from the header's first octet to the end of SK's generic header,
/// clear-text payloads included (RFC 5282 section 5.1).
public final class SkProtection {
    private static final int GENERIC_HEADER = 4;

    private SkProtection() {}

    /// What came of opening a message.
    public sealed interface Opened {
        /// The holder of the key wrote these payloads. Made only of what the keys have verified: by
        /// [SkProtection#open], or of fragments by [Reassembly#join].
        final class Authentic implements Opened {
            private final List<Payload> payloads;
            private final byte[] octets;
            private final int clearLength;
            private final int textStart;
            private final int textLength;

            private Authentic(
                    List<Payload> payloads,
                    byte[] octets,
                    int clearLength,
                    int textStart,
                    int textLength) {
                this.payloads = payloads;
                this.octets = octets;
                this.clearLength = clearLength;
                this.textStart = textStart;
                this.textLength = textLength;
            }

            /// The message without its protection, for RFC 9242 section 3.3.2: header, clear-text
            /// payloads, SK's generic header and the inner payloads, both lengths adjusted.
            public byte[] unprotected() {
                WireWriter writer = new WireWriter(clearLength + textLength);
                writer.octets(Arrays.copyOf(octets, clearLength));
                writer.octets(Arrays.copyOfRange(octets, textStart, textStart + textLength));
                Header.setLength(writer, writer.position());
                writer.setU16(clearLength - 2, textLength + GENERIC_HEADER);
                return writer.finish();
            }

            public List<Payload> payloads() {
                return payloads;
            }
        }

        /// The holder of the key wrote something that does not decode.
        record AuthenticButMalformed(Malformation malformation) implements Opened {}

        /// Anybody may have written this.
        record Forged() implements Opened {}
    }

    /// A message with all of `inner` under SK.
    public static byte[] seal(
            Header header,
            List<Payload> clear,
            List<Payload> inner,
            PayloadCipher cipher,
            IvSequence ivs,
            Entropy entropy) {
        WireWriter writer = new WireWriter(1024);
        MessageCodec.encodeClearPart(writer, header, clear, PayloadType.SK.code());
        int skStart = writer.position();
        writer.u8(inner.isEmpty() ? PayloadType.NONE : inner.getFirst().typeCode()).u8(0).u16(0);
        int aadLength = writer.position();
        writer.zeros(cipher.ivLength());
        int textStart = writer.position();
        PayloadCodec.encodeChain(writer, inner, PayloadType.NONE);
        int padding = paddingLength(writer.position() - textStart, cipher.blockLength());
        writer.zeros(padding).u8(padding);
        int textLength = writer.position() - textStart;
        writer.zeros(cipher.icvLength());
        Header.setLength(writer, writer.position());
        writer.setU16(skStart + 2, writer.position() - skStart);
        byte[] octets = writer.toArray();
        ivs.writeNext(cipher, entropy, octets, aadLength);
        cipher.seal(octets, 0, aadLength, textLength);
        return octets;
    }

    /// A message as RFC 9242 section 3.3.2 has it authenticated: as if `inner` stood in SK without
    /// IV, padding and ICV.
    public static byte[] unprotected(Header header, List<Payload> inner) {
        WireWriter writer = new WireWriter(2048);
        MessageCodec.encodeClearPart(writer, header, List.of(), PayloadType.SK.code());
        int skStart = writer.position();
        writer.u8(inner.isEmpty() ? PayloadType.NONE : inner.getFirst().typeCode()).u8(0).u16(0);
        PayloadCodec.encodeChain(writer, inner, PayloadType.NONE);
        Header.setLength(writer, writer.position());
        writer.setU16(skStart + 2, writer.position() - skStart);
        return writer.toArray();
    }

    /// Verifies and decodes the protected part of a message.
    public static Opened open(Message message, Payload.Encrypted sk, PayloadCipher cipher) {
        int aadLength = sk.bodyOffset();
        int textLength = sk.bodyLength() - cipher.ivLength() - cipher.icvLength();
        if (textLength < 1
                || textLength % cipher.blockLength() != 0
                || aadLength < Header.LENGTH + GENERIC_HEADER) {
            return new Opened.Forged();
        }
        byte[] octets = message.octets().array().clone();
        if (!cipher.open(octets, 0, aadLength, textLength)) {
            return new Opened.Forged();
        }
        int textStart = aadLength + cipher.ivLength();
        int padding = octets[textStart + textLength - 1] & 0xff;
        if (padding >= textLength) {
            return new Opened.AuthenticButMalformed(Malformation.FIELD);
        }
        return decode(octets, aadLength, textStart, textLength - 1 - padding, sk.firstInner());
    }

    /// Decodes text that the keys have verified, whole or joined from fragments.
    static Opened decode(
            byte[] octets, int clearLength, int textStart, int textLength, int firstInner) {
        try {
            WireReader reader = new WireReader(octets, textStart, textLength);
            return new Opened.Authentic(
                    PayloadCodec.decodeChain(reader, firstInner, PayloadCodec.Chain.PROTECTED),
                    octets,
                    clearLength,
                    textStart,
                    textLength);
        } catch (MalformedException e) {
            return new Opened.AuthenticButMalformed(e.malformation());
        }
    }

    static int paddingLength(int length, int blockLength) {
        int over = (length + 1) % blockLength;
        return over == 0 ? 0 : blockLength - over;
    }
}
