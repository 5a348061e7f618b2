package dev.postern.crypto;

import java.util.Arrays;
import java.util.Optional;

/// AES-256-GCM applied once under a key of its own, as tickets are sealed: the caller names the
/// nonce and answers for never using a key and a nonce twice. Safe for use from any thread.
public final class AesGcm {
    public static final int KEY_LENGTH = 32;

    public static final int NONCE_LENGTH = Aead.NONCE_LENGTH;

    public static final int TAG_LENGTH = Aead.ICV_LENGTH;

    private AesGcm() {}

    /// The ciphertext of `plaintext`, then 16 octets of tag.
    public static byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        checkLengths(key, nonce);
        byte[] sealed = Arrays.copyOf(plaintext, plaintext.length + TAG_LENGTH);
        Primitives.preferred()
                .aead()
                .seal(
                        EncryptionAlgorithm.AES_GCM_16_256,
                        key,
                        nonce,
                        aad,
                        0,
                        aad.length,
                        sealed,
                        0,
                        plaintext.length);
        return sealed;
    }

    /// The plaintext of ciphertext | tag; empty where they are not authentic or too short to be.
    public static Optional<byte[]> open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
        checkLengths(key, nonce);
        int textLength = sealed.length - TAG_LENGTH;
        if (textLength < 0) {
            return Optional.empty();
        }
        byte[] octets = sealed.clone();
        boolean authentic =
                Primitives.preferred()
                        .aead()
                        .open(
                                EncryptionAlgorithm.AES_GCM_16_256,
                                key,
                                nonce,
                                aad,
                                0,
                                aad.length,
                                octets,
                                0,
                                textLength);
        Optional<byte[]> plaintext =
                authentic ? Optional.of(Arrays.copyOf(octets, textLength)) : Optional.empty();
        Arrays.fill(octets, (byte) 0);
        return plaintext;
    }

    private static void checkLengths(byte[] key, byte[] nonce) {
        if (key.length != KEY_LENGTH || nonce.length != NONCE_LENGTH) {
            throw new IllegalArgumentException(
                    key.length
                            + " octets of key and "
                            + nonce.length
                            + " octets of nonce, not 32 and 12");
        }
    }
}
