package dev.postern.crypto;

import java.math.BigInteger;
import java.util.Arrays;

/// Numbers as big-endian octets of a fixed length, and octets one after the other.
final class Octets {
    private Octets() {}

    /// Writes `number` right-aligned into the `length` octets from `offset` on.
    static void put(BigInteger number, byte[] octets, int offset, int length) {
        byte[] signed = number.toByteArray();
        int skipped = signed.length > length ? signed.length - length : 0;
        int count = signed.length - skipped;
        Arrays.fill(octets, offset, offset + length - count, (byte) 0);
        System.arraycopy(signed, skipped, octets, offset + length - count, count);
        Arrays.fill(signed, (byte) 0);
    }

    static byte[] of(BigInteger number, int length) {
        byte[] octets = new byte[length];
        put(number, octets, 0, length);
        return octets;
    }

    static byte[] joined(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] joined = new byte[length];
        int position = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, position, part.length);
            position += part.length;
        }
        return joined;
    }
}
