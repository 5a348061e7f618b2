package dev.postern.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/// HMAC (RFC 2104) used once, on a cloned digest: no look-up by name, no key object, one clone for
/// each value. A key that is used more than once is a `KeyedPrf`.
final class Hmac {
    static final byte INNER_PAD = 0x36;

    /// Turns a block under the inner pad into the block under the outer pad 0x5c.
    static final byte INNER_TO_OUTER = 0x36 ^ 0x5c;

    private Hmac() {}

    /// HMAC(key, data...): the data are concatenated.
    static byte[] compute(Hash hash, byte[] key, byte[]... data) {
        byte[] block = innerBlock(hash, key);
        MessageDigest digest = hash.start();
        digest.update(block);
        for (byte[] part : data) {
            digest.update(part);
        }
        return finish(digest, block);
    }

    /// HMAC over one range of an array.
    static byte[] compute(Hash hash, byte[] key, byte[] octets, int offset, int length) {
        byte[] block = innerBlock(hash, key);
        MessageDigest digest = hash.start();
        digest.update(block);
        digest.update(octets, offset, length);
        return finish(digest, block);
    }

    /// The key as one block, under the inner pad; a key longer than a block is hashed first
    /// (section 3).
    static byte[] innerBlock(Hash hash, byte[] key) {
        byte[] fitting = key.length > hash.blockLength() ? hash.digest(key) : key;
        byte[] block = Arrays.copyOf(fitting, hash.blockLength());
        xor(block, INNER_PAD);
        return block;
    }

    static void xor(byte[] block, byte pad) {
        for (int i = 0; i < block.length; i++) {
            block[i] ^= pad;
        }
    }

    private static byte[] finish(MessageDigest digest, byte[] block) {
        // Taking the value resets the digest, so that the same one serves the outer hash.
        byte[] inner = digest.digest();
        xor(block, INNER_TO_OUTER);
        digest.update(block);
        Arrays.fill(block, (byte) 0);
        byte[] value = digest.digest(inner);
        // Its buffer still holds the end of what was hashed.
        digest.reset();
        return value;
    }
}
