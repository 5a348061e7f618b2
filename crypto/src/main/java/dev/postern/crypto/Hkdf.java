package dev.postern.crypto;

import java.util.Arrays;

/// HKDF (RFC 5869) with SHA-256, extract and expand in one step. It derives the key of a ticket
/// from a TGS key.
public final class Hkdf {
    private Hkdf() {}

    /// `length` octets of HKDF-Expand(HKDF-Extract(salt, key), info).
    ///
    /// @throws IllegalArgumentException where more than 255 blocks of 32 octets are asked
    public static byte[] sha256(byte[] key, byte[] salt, byte[] info, int length) {
        // An absent salt is a block of zeros (section 2.2), which is what HMAC makes of an empty
        // key.
        byte[] pseudorandomKey = Hmac.compute(Hash.SHA_256, salt, key);
        try (KeyedPrf expand = new KeyedPrf(Hash.SHA_256, pseudorandomKey)) {
            return expand.plus(length, info);
        } finally {
            Arrays.fill(pseudorandomKey, (byte) 0);
        }
    }
}
