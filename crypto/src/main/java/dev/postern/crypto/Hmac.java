package dev.postern.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/// HMAC (RFC 2104) on cloned digests: no look-up by name, no key object, one clone for each value.
final class Hmac {
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private Hmac() {}

    /// HMAC(key, data...): the data are concatenated.
    static byte[] compute(Hash hash, byte[] key, byte[]... data) {
        MessageDigest digest = hash.start();
        byte[] block = paddedKey(hash, key);
        xor(block, INNER_PAD);
        digest.update(block);
        for (byte[] part : data) {
            digest.update(part);
        }
        return finish(digest, block);
    }

    /// HMAC over one range of an array.
    static byte[] compute(Hash hash, byte[] key, byte[] octets, int offset, int length) {
        MessageDigest digest = hash.start();
        byte[] block = paddedKey(hash, key);
        xor(block, INNER_PAD);
        digest.update(block);
        digest.update(octets, offset, length);
        return finish(digest, block);
    }

    private static byte[] finish(MessageDigest digest, byte[] block) {
        byte[] inner = digest.digest();
        xor(block, (byte) (INNER_PAD ^ OUTER_PAD));
        digest.update(block);
        Arrays.fill(block, (byte) 0);
        return digest.digest(inner);
    }

    /// prf+ of RFC 7296 section 2.13: T1 = prf(K, S | 0x01), Tn = prf(K, Tn-1 | S | n).
    static byte[] plus(Hash hash, byte[] key, int length, byte[]... seed) {
        return expand(hash, key, length, seed);
    }

    /// The chain that prf+ and HKDF-Expand (RFC 5869 section 2.3) share, both with a counter of one
    /// octet.
    static byte[] expand(Hash hash, byte[] key, int length, byte[]... seed) {
        int step = hash.length();
        int rounds = (length + step - 1) / step;
        if (length < 0 || rounds > 255) {
            throw new IllegalArgumentException(
                    length + " octets were asked of an expansion that ends at " + 255 * step);
        }
        byte[] message = messageOf(step, seed);
        byte[] block = paddedKey(hash, key);
        MessageDigest digest = hash.start();
        byte[] output = new byte[length];
        for (int round = 1, from = 0; round <= rounds; round++, from += step) {
            message[message.length - 1] = (byte) round;
            int skipped = round == 1 ? step : 0;
            xor(block, INNER_PAD);
            digest.update(block);
            digest.update(message, skipped, message.length - skipped);
            digestInto(digest, message, step);
            xor(block, (byte) (INNER_PAD ^ OUTER_PAD));
            digest.update(block);
            digest.update(message, 0, step);
            digestInto(digest, message, step);
            xor(block, OUTER_PAD);
            System.arraycopy(message, 0, output, from, Math.min(step, length - from));
        }
        Arrays.fill(block, (byte) 0);
        Arrays.fill(message, (byte) 0);
        return output;
    }

    /// A slot for the previous value, then the seeds, then the counter, so that one update feeds a
    /// round.
    private static byte[] messageOf(int slot, byte[][] seed) {
        int length = slot + 1;
        for (byte[] part : seed) {
            length += part.length;
        }
        byte[] message = new byte[length];
        int at = slot;
        for (byte[] part : seed) {
            System.arraycopy(part, 0, message, at, part.length);
            at += part.length;
        }
        return message;
    }

    /// The key as one block of its own; a key longer than a block is hashed first (RFC 2104 section
    /// 3).
    private static byte[] paddedKey(Hash hash, byte[] key) {
        byte[] fitting = key.length > hash.blockLength() ? hash.digest(key) : key;
        return Arrays.copyOf(fitting, hash.blockLength());
    }

    private static void xor(byte[] block, byte pad) {
        for (int i = 0; i < block.length; i++) {
            block[i] ^= pad;
        }
    }

    private static void digestInto(MessageDigest digest, byte[] output, int length) {
        try {
            digest.digest(output, 0, length);
        } catch (DigestException tooShort) {
            throw new IllegalStateException("a digest is longer than its algorithm says", tooShort);
        }
    }
}
