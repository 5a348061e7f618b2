package dev.postern.pki;

import dev.postern.crypto.MalformedDerException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Types of attributes of distinguished names: the words that people write for them (RFC 4514
/// section 3, and others that are usual), as dotted numbers.
final class NameAttributeType {
    static final String UNIT = "2.5.4.11";
    static final String EMAIL = "1.2.840.113549.1.9.1";
    static final String DOMAIN = "0.9.2342.19200300.100.1.25";

    private static final Map<String, String> WORDS =
            Map.ofEntries(
                    Map.entry("CN", "2.5.4.3"),
                    Map.entry("SN", "2.5.4.4"),
                    Map.entry("SERIALNUMBER", "2.5.4.5"),
                    Map.entry("C", "2.5.4.6"),
                    Map.entry("L", "2.5.4.7"),
                    Map.entry("ST", "2.5.4.8"),
                    Map.entry("S", "2.5.4.8"),
                    Map.entry("STREET", "2.5.4.9"),
                    Map.entry("O", "2.5.4.10"),
                    Map.entry("OU", UNIT),
                    Map.entry("T", "2.5.4.12"),
                    Map.entry("TITLE", "2.5.4.12"),
                    Map.entry("GN", "2.5.4.42"),
                    Map.entry("GIVENNAME", "2.5.4.42"),
                    Map.entry("DNQUALIFIER", "2.5.4.46"),
                    Map.entry("UID", "0.9.2342.19200300.100.1.1"),
                    Map.entry("DC", DOMAIN),
                    Map.entry("E", EMAIL),
                    Map.entry("EMAIL", EMAIL),
                    Map.entry("EMAILADDRESS", EMAIL));

    /// Below 0 and 1 there are 40 numbers: the two are one octet of the encoding (X.690, 8.19.4).
    private static final Pattern DOTTED =
            Pattern.compile(
                    "([01]\\.([0-9]|[1-3][0-9])|2\\.(0|[1-9][0-9]{0,8}))"
                            + "(\\.(0|[1-9][0-9]{0,8})){0,19}");

    private static final int LONGEST = 64;

    private NameAttributeType() {}

    /// What a word or dotted numbers stand for; null for what is neither.
    static @Nullable String of(String text) {
        String word = text.toUpperCase(Locale.ROOT);
        return DOTTED.matcher(text).matches() ? text : WORDS.get(word);
    }

    static String dotted(byte[] octets) throws MalformedDerException {
        if (octets.length == 0 || octets.length > LONGEST || octets[octets.length - 1] < 0) {
            throw new MalformedDerException("an object identifier is empty, too long or cut off");
        }
        StringBuilder text = new StringBuilder();
        long arc = 0;
        for (byte octet : octets) {
            arc = arc << 7 | (octet & 0x7f);
            if (arc >>> 56 != 0) {
                throw new MalformedDerException("a number of an object identifier is too large");
            }
            if (octet >= 0) {
                if (text.isEmpty()) {
                    long first = Math.min(2, arc / 40);
                    text.append(first).append('.').append(arc - 40 * first);
                } else {
                    text.append('.').append(arc);
                }
                arc = 0;
            }
        }
        return text.toString();
    }

    static byte[] octets(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, 40L * Long.parseLong(arcs[0]) + Long.parseLong(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            write(out, Long.parseLong(arcs[i]));
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, long arc) {
        int groups = 1;
        while (arc >>> (7 * groups) != 0) {
            groups++;
        }
        for (int i = groups - 1; i >= 0; i--) {
            out.write(((int) (arc >>> (7 * i)) & 0x7f) | (i > 0 ? 0x80 : 0));
        }
    }
}
