package dev.postern.radius;

import dev.postern.crypto.SecretBytes;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// MS-MPPE-Send-Key and MS-MPPE-Recv-Key: how a RADIUS server hands an EAP method's keys to us (RFC
/// 2548 sections 2.4.2 and 2.4.3, RFC 3579 section 4.3.4).
public final class MppeKey {
    private static final int SALT = 2;
    private static final int BLOCK = 16;

    /// MSK octets that EAP promises (RFC 3748 section 7.10).
    public static final int MSK_LENGTH = 64;

    /// Octets of one half of the MSK.
    private static final int HALF = 32;

    private MppeKey() {}

    /// The MSK of an Access-Accept that has both keys, or null. MS-MPPE-Recv-Key is its beginning,
    /// MS-MPPE-Send-Key follows; a method with shorter keys, MSCHAPv2, has its MSK filled up with
    /// zeros.
    ///
    /// @param requestAuthenticator of the request that the packet answers
    public static @Nullable SecretBytes msk(
            Attributes accept, Octets requestAuthenticator, SecretBytes secret) {
        try (SecretBytes receive =
                        of(accept, VendorAttribute.MS_MPPE_RECV_KEY, requestAuthenticator, secret);
                SecretBytes send =
                        of(
                                accept,
                                VendorAttribute.MS_MPPE_SEND_KEY,
                                requestAuthenticator,
                                secret)) {
            if (receive == null || send == null) {
                return null;
            }
            byte[] msk = new byte[MSK_LENGTH];
            System.arraycopy(receive.expose(), 0, msk, 0, receive.length());
            System.arraycopy(send.expose(), 0, msk, receive.length(), send.length());
            return SecretBytes.owning(msk);
        }
    }

    private static @Nullable SecretBytes of(
            Attributes accept, int type, Octets requestAuthenticator, SecretBytes secret) {
        var values = accept.vendor(VendorAttribute.MICROSOFT, type);
        if (values.size() != 1) {
            return null;
        }
        SecretBytes key = open(values.getFirst(), requestAuthenticator, secret);
        if (key != null && (key.length() < BLOCK || key.length() > HALF)) {
            key.close();
            return null;
        }
        return key;
    }

    /// Opens salt | ciphertext; null where its lengths do not fit.
    static @Nullable SecretBytes open(
            Octets sealed, Octets requestAuthenticator, SecretBytes secret) {
        int length = sealed.length() - SALT;
        // Section 2.4.2: the leftmost bit of the salt is set.
        if (length < BLOCK || length % BLOCK != 0 || sealed.at(0) < 0x80) {
            return null;
        }
        byte[] plain = run(sealed.array(), requestAuthenticator, secret, false);
        int keyLength = plain[0] & 0xff;
        try {
            return keyLength > length - 1
                    ? null
                    : SecretBytes.owning(Arrays.copyOfRange(plain, 1, 1 + keyLength));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /// Seals a key: a server's side.
    ///
    /// @param salt 2 octets, the first with its highest bit set
    public static Octets seal(
            byte[] key, byte[] salt, Octets requestAuthenticator, SecretBytes secret) {
        int blocks = (key.length + 1 + BLOCK - 1) / BLOCK;
        byte[] sealed = new byte[SALT + blocks * BLOCK];
        System.arraycopy(salt, 0, sealed, 0, SALT);
        sealed[SALT] = (byte) key.length;
        System.arraycopy(key, 0, sealed, SALT + 1, key.length);
        byte[] cipher = run(sealed, requestAuthenticator, secret, true);
        System.arraycopy(cipher, 0, sealed, SALT, cipher.length);
        return Octets.of(sealed);
    }

    /// b(1) = MD5(S + R + A), c(1) = p(1) xor b(1), b(i) = MD5(S + c(i-1)).
    private static byte[] run(
            byte[] saltAndText, Octets requestAuthenticator, SecretBytes secret, boolean seals) {
        byte[] salt = Arrays.copyOf(saltAndText, SALT);
        byte[] text = Arrays.copyOfRange(saltAndText, SALT, saltAndText.length);
        byte[] out = new byte[text.length];
        byte[] pad = Md5.digest(secret.expose(), requestAuthenticator.array(), salt);
        for (int at = 0; at < text.length; at += BLOCK) {
            for (int i = 0; i < BLOCK; i++) {
                out[at + i] = (byte) (text[at + i] ^ pad[i]);
            }
            pad =
                    Md5.digest(
                            secret.expose(),
                            Arrays.copyOfRange(seals ? out : text, at, at + BLOCK));
        }
        return out;
    }
}
