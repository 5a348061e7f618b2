package dev.postern.pki;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;

/// One attribute of a distinguished name: its type as dotted numbers, and its value.
///
/// @param value text; that of a kind that is no text is `#` and its DER in hexadecimal digits. In a
///   pattern [#ANYTHING] stands for any text
record NameAttribute(String type, String value) {
    /// A noncharacter of Unicode, which no name holds.
    static final char ANYTHING = '\uffff';

    private static final int UTF8 = 0x0c;
    private static final int NUMERIC = 0x12;
    private static final int PRINTABLE = 0x13;
    private static final int T61 = 0x14;
    private static final int IA5 = 0x16;
    private static final int UNIVERSAL = 0x1c;
    private static final int BMP = 0x1e;

    static NameAttribute decode(Der attribute) throws MalformedDerException {
        String type = NameAttributeType.dotted(attribute.content(Der.OBJECT_IDENTIFIER));
        int tag = attribute.nextTag();
        Charset charset =
                switch (tag) {
                    case UTF8 -> StandardCharsets.UTF_8;
                    case NUMERIC, PRINTABLE, IA5, T61 -> StandardCharsets.ISO_8859_1;
                    case BMP -> StandardCharsets.UTF_16BE;
                    case UNIVERSAL -> StandardCharsets.UTF_32BE;
                    default -> null;
                };
        String value =
                charset == null
                        ? "#" + HexFormat.of().formatHex(attribute.element())
                        : new String(attribute.content(tag), charset);
        attribute.finish();
        return new NameAttribute(type, value);
    }

    /// As RFC 5280 appendix A wants it: mail addresses and domain components in ASCII, others as
    /// PrintableString where that is enough. A domain component beyond ASCII, which should have
    /// been written in its ASCII form, stays what it is.
    byte[] encoded() {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        int tag = UTF8;
        if (isOfAscii() && text.length == value.length()) {
            tag = IA5;
        } else if (value.chars().allMatch(NameAttribute::isPrintable)) {
            tag = PRINTABLE;
        }
        return Der.write(
                Der.SET,
                Der.write(
                        Der.SEQUENCE,
                        Der.write(Der.OBJECT_IDENTIFIER, NameAttributeType.octets(type)),
                        Der.write(tag, text)));
    }

    private boolean isOfAscii() {
        return type.equals(NameAttributeType.EMAIL) || type.equals(NameAttributeType.DOMAIN);
    }

    private static boolean isPrintable(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || " '()+,-./:=?".indexOf(c) >= 0;
    }

    /// Whether another attribute, which holds no pattern, is what this one describes.
    boolean describes(NameAttribute other) {
        if (!type.equals(other.type)) {
            return false;
        }
        String wanted = prepared(value);
        String seen = prepared(other.value);
        int anything = wanted.indexOf(ANYTHING);
        if (anything < 0) {
            return wanted.equals(seen);
        }
        String front = wanted.substring(0, anything);
        String end = wanted.substring(anything + 1);
        return seen.length() >= front.length() + end.length()
                && seen.startsWith(front)
                && seen.endsWith(end);
    }

    /// For comparison: neither case nor the amount of white space matters (RFC 5280 section 7.1,
    /// RFC 4518).
    static String prepared(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip()
                .replaceAll("\\s+", " ");
    }
}
