package dev.postern.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/// The encoded messages of RFC 8017: EMSA-PKCS1-v1_5 (section 9.2) and EMSA-PSS (section 9.1) with
/// MGF1, one hash throughout, and a salt as long as the hash.
///
/// A PKCS#1 signature is checked by making the one right encoding and comparing all of it. There is
/// nothing to parse, so no lenient reading of padding or DER that a forger could use.
final class RsaEncoding {
    private static final byte PSS_TRAILER = (byte) 0xbc;
    private static final byte[] ZEROS = new byte[8];

    private RsaEncoding() {}

    /// @param length octets of the modulus
    static byte[] pkcs1(Hash hash, int length, byte[] digest) {
        byte[] info = digestInfo(hash, digest);
        byte[] encoded = new byte[length];
        Arrays.fill(encoded, (byte) 0xff);
        encoded[0] = 0;
        encoded[1] = 1;
        encoded[length - info.length - 1] = 0;
        System.arraycopy(info, 0, encoded, length - info.length, info.length);
        return encoded;
    }

    private static byte[] digestInfo(Hash hash, byte[] digest) {
        String algorithm =
                switch (hash) {
                    case SHA_1 -> "300906052b0e03021a0500";
                    case SHA_224 -> "300d06096086480165030402040500";
                    case SHA_256 -> "300d06096086480165030402010500";
                    case SHA_384 -> "300d06096086480165030402020500";
                    case SHA_512 -> "300d06096086480165030402030500";
                };
        return Der.write(
                Der.SEQUENCE,
                HexFormat.of().parseHex(algorithm),
                Der.write(Der.OCTET_STRING, digest));
    }

    /// @param bits of the modulus, less one
    static byte[] pss(Hash hash, int bits, byte[] digest, byte[] salt) {
        byte[] encoded = new byte[(bits + 7) / 8];
        int maskedLength = encoded.length - hash.length() - 1;
        byte[] h = hash.digest(ZEROS, digest, salt);
        encoded[maskedLength - salt.length - 1] = 1;
        System.arraycopy(salt, 0, encoded, maskedLength - salt.length, salt.length);
        mask(hash, encoded, maskedLength, h);
        encoded[0] &= (byte) (0xff >>> (8 * encoded.length - bits));
        System.arraycopy(h, 0, encoded, maskedLength, h.length);
        encoded[encoded.length - 1] = PSS_TRAILER;
        return encoded;
    }

    /// Whether `encoded`, which is changed, is an encoding of `digest`.
    static boolean verifyPss(Hash hash, int bits, byte[] digest, byte[] encoded) {
        int maskedLength = encoded.length - hash.length() - 1;
        int saltAt = maskedLength - hash.length();
        int topMask = 0xff >>> (8 * encoded.length - bits);
        if (saltAt < 1
                || encoded[encoded.length - 1] != PSS_TRAILER
                || (encoded[0] & ~topMask & 0xff) != 0) {
            return false;
        }
        byte[] h = Arrays.copyOfRange(encoded, maskedLength, encoded.length - 1);
        mask(hash, encoded, maskedLength, h);
        encoded[0] &= (byte) topMask;
        for (int i = 0; i < saltAt - 1; i++) {
            if (encoded[i] != 0) {
                return false;
            }
        }
        if (encoded[saltAt - 1] != 1) {
            return false;
        }
        byte[] salt = Arrays.copyOfRange(encoded, saltAt, maskedLength);
        return MessageDigest.isEqual(h, hash.digest(ZEROS, digest, salt));
    }

    /// MGF1 of `seed` over the first `length` octets.
    private static void mask(Hash hash, byte[] octets, int length, byte[] seed) {
        for (int from = 0; from < length; from += hash.length()) {
            int counter = from / hash.length();
            byte[] number = {
                (byte) (counter >>> 24),
                (byte) (counter >>> 16),
                (byte) (counter >>> 8),
                (byte) counter
            };
            byte[] block = hash.digest(seed, number);
            for (int i = 0; i < block.length && from + i < length; i++) {
                octets[from + i] ^= block[i];
            }
        }
    }
}
