package dev.postern.ike.sa;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.PayloadCipher;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.Payload;
import dev.postern.wire.PayloadCodec;
import dev.postern.wire.PayloadType;
import dev.postern.wire.WireWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The SKF payload, RFC 7383 section 2.5: a message under SK in pieces, each sealed for itself. The
/// associated data reach to the end of Total Fragments.
public final class SkfProtection {
    /// Generic header, Fragment Number, Total Fragments.
    private static final int SKF_HEADER = 8;

    private static final int SK_HEADER = 4;

    private SkfProtection() {}

    /// A message with all of `inner` under SK, in one piece where that has at most `limit` octets,
    /// else in as few fragments as do.
    public static List<byte[]> seal(
            Header header,
            List<Payload> inner,
            PayloadCipher cipher,
            IvSequence ivs,
            Entropy entropy,
            int limit) {
        WireWriter chain = new WireWriter(1024);
        PayloadCodec.encodeChain(chain, inner, PayloadType.NONE);
        int overhead = Header.LENGTH + cipher.ivLength() + cipher.icvLength();
        int block = cipher.blockLength();
        int whole = (chain.position() + block) / block * block;
        if (overhead + SK_HEADER + whole <= limit) {
            return List.of(SkProtection.seal(header, List.of(), inner, cipher, ivs, entropy));
        }
        int room = (limit - overhead - SKF_HEADER) / block * block - 1;
        if (room < 1) {
            throw new IllegalArgumentException("no fragment fits " + limit + " octets");
        }
        byte[] text = chain.toArray();
        int total = (text.length + room - 1) / room;
        List<byte[]> fragments = new ArrayList<>(total);
        for (int number = 1; number <= total; number++) {
            byte[] piece =
                    Arrays.copyOfRange(
                            text, (number - 1) * room, Math.min(number * room, text.length));
            int firstInner = number == 1 ? inner.getFirst().typeCode() : PayloadType.NONE;
            fragments.add(seal(header, firstInner, number, total, piece, cipher, ivs, entropy));
        }
        return fragments;
    }

    /// One fragment.
    public static byte[] seal(
            Header header,
            int firstInner,
            int number,
            int total,
            byte[] piece,
            PayloadCipher cipher,
            IvSequence ivs,
            Entropy entropy) {
        WireWriter writer = new WireWriter(piece.length + 128);
        MessageCodec.encodeClearPart(writer, header, List.of(), PayloadType.SKF.code());
        int start = writer.position();
        writer.u8(firstInner).u8(0).u16(0).u16(number).u16(total);
        int aadLength = writer.position();
        int padding = SkProtection.paddingLength(piece.length, cipher.blockLength());
        writer.zeros(cipher.ivLength()).octets(piece).zeros(padding).u8(padding);
        writer.zeros(cipher.icvLength());
        Header.setLength(writer, writer.position());
        writer.setU16(start + 2, writer.position() - start);
        byte[] octets = writer.toArray();
        ivs.writeNext(cipher, entropy, octets, aadLength);
        cipher.seal(octets, 0, aadLength, piece.length + padding + 1);
        return octets;
    }

    /// The content of one fragment, or null where the holder of the key did not write it (or wrote
    /// padding that makes no sense).
    static byte @Nullable [] open(
            Message message, Payload.EncryptedFragment skf, PayloadCipher cipher) {
        int aadLength = skf.bodyOffset();
        int textLength = skf.bodyLength() - cipher.ivLength() - cipher.icvLength();
        if (textLength < 1 || textLength % cipher.blockLength() != 0) {
            return null;
        }
        byte[] octets = message.octets().array().clone();
        if (!cipher.open(octets, 0, aadLength, textLength)) {
            return null;
        }
        int textStart = aadLength + cipher.ivLength();
        int padding = octets[textStart + textLength - 1] & 0xff;
        return padding >= textLength
                ? null
                : Arrays.copyOfRange(octets, textStart, textStart + textLength - 1 - padding);
    }

    /// The message that the fragments were cut from, deciphered: the clear part of the first
    /// fragment, SK's generic header, and the text (RFC 9242 section 3.3.2 wants it in this form).
    static SkProtection.Opened join(
            Message first, Payload.EncryptedFragment skf, List<byte[]> pieces) {
        byte[] octets = first.octets().array();
        int skStart = skf.bodyOffset() - SKF_HEADER;
        int textLength = pieces.stream().mapToInt(piece -> piece.length).sum();
        WireWriter writer = new WireWriter(skStart + SK_HEADER + textLength);
        writer.octets(Arrays.copyOf(octets, skStart + SK_HEADER));
        pieces.forEach(writer::octets);
        writer.setU8(typeOctetOfLast(octets), PayloadType.SK.code());
        return SkProtection.decode(
                writer.finish(),
                skStart + SK_HEADER,
                skStart + SK_HEADER,
                textLength,
                skf.firstInner());
    }

    /// Where the type of the last payload, SKF, stands: in the header, or in the clear-text payload
    /// before it.
    private static int typeOctetOfLast(byte[] octets) {
        int typeAt = 16;
        int start = Header.LENGTH;
        while ((octets[typeAt] & 0xff) != PayloadType.SKF.code()) {
            typeAt = start;
            start += (octets[start + 2] & 0xff) << 8 | (octets[start + 3] & 0xff);
        }
        return typeAt;
    }
}
