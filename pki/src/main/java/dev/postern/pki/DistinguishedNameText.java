package dev.postern.pki;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads what RFC 4514 writes, with a `*` in values and in front.
final class DistinguishedNameText {
    private static final int LONGEST = 1_024;
    private static final String SPECIAL = ",+\"\\<>;";

    private final String text;
    private int position;

    DistinguishedNameText(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("is longer than " + LONGEST + " characters");
        }
        this.text = text;
    }

    DistinguishedName read() {
        boolean open = false;
        if (text.stripLeading().startsWith("*")) {
            int comma = text.indexOf(',');
            if (comma < 0 || !text.substring(0, comma).strip().equals("*")) {
                throw new IllegalArgumentException("has a * in front that no comma follows");
            }
            open = true;
            position = comma + 1;
        }
        List<List<NameAttribute>> names = new ArrayList<>();
        char separator = ',';
        while (separator != 0) {
            NameAttribute attribute = attribute();
            if (separator == '+') {
                throw new IllegalArgumentException(
                        "has several attributes in one place, joined by +, which is not supported");
            }
            names.add(List.of(attribute));
            separator = position < text.length() ? text.charAt(position++) : 0;
        }
        return new DistinguishedName(names, open);
    }

    private NameAttribute attribute() {
        int equals = text.indexOf('=', position);
        String word = equals < 0 ? text.substring(position) : text.substring(position, equals);
        String type = NameAttributeType.of(word.strip());
        if (equals < 0 || type == null) {
            throw new IllegalArgumentException(
                    "is no distinguished name: \""
                            + word.strip()
                            + "\" is no type of attribute, such as CN, OU, O or C, with = after"
                            + " it");
        }
        position = equals + 1;
        return new NameAttribute(type, value());
    }

    /// Up to the next separator, without white space at either end but what is escaped.
    private String value() {
        StringBuilder value = new StringBuilder();
        while (position < text.length() && text.charAt(position) == ' ') {
            position++;
        }
        int kept = 0;
        while (position < text.length() && ",+".indexOf(text.charAt(position)) < 0) {
            char c = text.charAt(position);
            if (c == '\\') {
                value.append(escaped());
                kept = value.length();
                continue;
            }
            if (SPECIAL.indexOf(c) >= 0 || Character.isISOControl(c) || c >= '\ufffe') {
                throw new IllegalArgumentException(
                        "holds a character that is to be written with \\ before it");
            }
            position++;
            value.append(c == '*' ? NameAttribute.ANYTHING : c);
            kept = c == ' ' ? kept : value.length();
        }
        value.setLength(kept);
        int star = value.indexOf(String.valueOf(NameAttribute.ANYTHING));
        if (value.isEmpty() || value.charAt(0) == '#') {
            throw new IllegalArgumentException("has an empty value, or one that begins with #");
        }
        if (star >= 0 && value.indexOf(String.valueOf(NameAttribute.ANYTHING), star + 1) >= 0) {
            throw new IllegalArgumentException("has more than one * in a value");
        }
        return value.toString();
    }

    /// What follows one `\`, or several that are octets of UTF-8 in hexadecimal digits.
    private String escaped() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        while (position + 2 < text.length()
                && text.charAt(position) == '\\'
                && isHex(text.charAt(position + 1))
                && isHex(text.charAt(position + 2))) {
            octets.write(Integer.parseInt(text, position + 1, position + 3, 16));
            position += 3;
        }
        if (octets.size() > 0) {
            return octets.toString(StandardCharsets.UTF_8);
        }
        if (position + 1 >= text.length()) {
            throw new IllegalArgumentException("ends with a \\");
        }
        char c = text.charAt(position + 1);
        position += 2;
        return String.valueOf(c);
    }

    private static boolean isHex(char c) {
        return Character.digit(c, 16) >= 0 && c < 128;
    }
}
