package dev.postern.radius;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// MD5 and HMAC-MD5 (RFC 1321, RFC 2104), which RADIUS is built on and nothing else here may use.
final class Md5 {
    static final int LENGTH = 16;

    private static final int BLOCK = 64;

    private Md5() {}

    static byte[] digest(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(
                    "this Java runtime has no MD5, which RADIUS needs", missing);
        }
    }

    static byte[] hmac(byte[] key, byte[] data) {
        byte[] block = Arrays.copyOf(key.length > BLOCK ? digest(key) : key, BLOCK);
        byte[] inner = new byte[BLOCK];
        byte[] outer = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            inner[i] = (byte) (block[i] ^ 0x36);
            outer[i] = (byte) (block[i] ^ 0x5c);
        }
        byte[] code = digest(outer, digest(inner, data));
        Arrays.fill(block, (byte) 0);
        Arrays.fill(inner, (byte) 0);
        Arrays.fill(outer, (byte) 0);
        return code;
    }
}
