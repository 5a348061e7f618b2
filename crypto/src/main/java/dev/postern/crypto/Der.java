package dev.postern.crypto;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/// A cursor over DER (X.690): keys, signatures, and what a certificate's extensions hold. Strict:
/// definite lengths in their shortest form, no octet left over. Every fault is a
/// [MalformedDerException].
public final class Der {
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int NULL = 0x05;
    public static final int OBJECT_IDENTIFIER = 0x06;
    public static final int ENUMERATED = 0x0a;
    public static final int GENERALIZED_TIME = 0x18;
    public static final int SEQUENCE = 0x30;
    public static final int SET = 0x31;

    /// No number that occurs in a key or signature is longer.
    private static final int LONGEST_INTEGER = 2_049;

    private static final int LONG_FORM = 0x80;
    private static final int MULTIPLE_OCTET_TAG = 0x1f;

    private final byte[] octets;
    private final int end;
    private int position;

    private Der(byte[] octets, int from, int end) {
        this.octets = octets;
        this.position = from;
        this.end = end;
    }

    /// Reads `octets`, which are not copied.
    public static Der of(byte[] octets) {
        return new Der(octets, 0, octets.length);
    }

    /// The one element that `octets` are, entered.
    public static Der only(byte[] octets, int tag) throws MalformedDerException {
        Der all = of(octets);
        Der inside = all.enter(tag);
        all.finish();
        return inside;
    }

    public boolean isEmpty() {
        return position == end;
    }

    /// Whether the next element has this tag.
    public boolean isNext(int tag) {
        return position < end && (octets[position] & 0xff) == tag;
    }

    /// Steps over the next element and reads what is inside it.
    public Der enter(int tag) throws MalformedDerException {
        if (!isNext(tag)) {
            throw new MalformedDerException("an element of type " + tag + " is missing");
        }
        int start = header();
        Der inside = new Der(octets, start, position);
        return inside;
    }

    /// The contents of the next element.
    public byte[] content(int tag) throws MalformedDerException {
        Der inside = enter(tag);
        return Arrays.copyOfRange(octets, inside.position, inside.end);
    }

    /// The next element with tag and length.
    public byte[] element() throws MalformedDerException {
        int from = position;
        header();
        return Arrays.copyOfRange(octets, from, position);
    }

    /// The tag of the next element, or -1 at the end.
    public int nextTag() {
        return isEmpty() ? -1 : octets[position] & 0xff;
    }

    public void skip() throws MalformedDerException {
        header();
    }

    public BigInteger integer() throws MalformedDerException {
        byte[] content = content(INTEGER);
        boolean padded =
                content.length > 1
                        && ((content[0] == 0 && content[1] >= 0)
                                || (content[0] == -1 && content[1] < 0));
        if (content.length == 0 || content.length > LONGEST_INTEGER || padded) {
            throw new MalformedDerException("a number is empty, too long or padded");
        }
        BigInteger value = new BigInteger(content);
        Arrays.fill(content, (byte) 0);
        return value;
    }

    /// The contents of a BIT STRING of whole octets.
    public byte[] bits() throws MalformedDerException {
        byte[] content = content(BIT_STRING);
        if (content.length == 0 || content[0] != 0) {
            throw new MalformedDerException("a bit string does not end with an octet");
        }
        return Arrays.copyOfRange(content, 1, content.length);
    }

    /// Nothing may follow.
    public void finish() throws MalformedDerException {
        if (!isEmpty()) {
            throw new MalformedDerException("octets are left over");
        }
    }

    /// Steps over the next element and returns where its contents begin.
    private int header() throws MalformedDerException {
        if (end - position < 2) {
            throw new MalformedDerException("an element is cut off");
        }
        if ((octets[position] & MULTIPLE_OCTET_TAG) == MULTIPLE_OCTET_TAG) {
            throw new MalformedDerException("a tag has more than one octet");
        }
        int first = octets[position + 1] & 0xff;
        int start = position + 2;
        int length = first;
        if (first >= LONG_FORM) {
            int count = first - LONG_FORM;
            if (count == 0 || count > 3 || end - start < count) {
                throw new MalformedDerException("a length is indefinite, too long or cut off");
            }
            length = 0;
            for (int i = 0; i < count; i++) {
                length = length << 8 | (octets[start + i] & 0xff);
            }
            if (length < LONG_FORM || length >>> (8 * (count - 1)) == 0) {
                throw new MalformedDerException("a length is not in its shortest form");
            }
            start += count;
        }
        if (length > end - start) {
            throw new MalformedDerException("an element is longer than what it stands in");
        }
        position = start + length;
        return start;
    }

    /// One element with these contents, one after the other.
    public static byte[] write(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
        out.write(tag);
        if (length < LONG_FORM) {
            out.write(length);
        } else {
            int count = (39 - Integer.numberOfLeadingZeros(length)) / 8;
            out.write(LONG_FORM | count);
            for (int i = count - 1; i >= 0; i--) {
                out.write(length >>> (8 * i));
            }
        }
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    public static byte[] write(BigInteger number) {
        return write(INTEGER, number.toByteArray());
    }
}
