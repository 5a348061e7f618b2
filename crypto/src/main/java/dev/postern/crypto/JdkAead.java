package dev.postern.crypto;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The AEADs of the JDK, for machines without libcrypto.
final class JdkAead implements Aead {
    @Override
    public void seal(
            EncryptionAlgorithm algorithm,
            byte[] key,
            byte[] nonce,
            byte[] aad,
            int aadOffset,
            int aadLength,
            byte[] octets,
            int textOffset,
            int textLength) {
        try {
            Cipher cipher = cipher(algorithm);
            cipher.init(Cipher.ENCRYPT_MODE, keyOf(algorithm, key), parametersOf(algorithm, nonce));
            cipher.updateAAD(aad, aadOffset, aadLength);
            cipher.doFinal(octets, textOffset, textLength, octets, textOffset);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(
                    "the JDK refused to seal with " + algorithm, impossible);
        }
    }

    @Override
    public boolean open(
            EncryptionAlgorithm algorithm,
            byte[] key,
            byte[] nonce,
            byte[] aad,
            int aadOffset,
            int aadLength,
            byte[] octets,
            int textOffset,
            int textLength) {
        try {
            Cipher cipher = cipher(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, keyOf(algorithm, key), parametersOf(algorithm, nonce));
            cipher.updateAAD(aad, aadOffset, aadLength);
            cipher.doFinal(octets, textOffset, textLength + ICV_LENGTH, octets, textOffset);
            return true;
        } catch (AEADBadTagException forged) {
            // In place, the JDK's AES-GCM decrypts before it compares.
            Arrays.fill(octets, textOffset, textOffset + textLength, (byte) 0);
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(
                    "the JDK refused to open with " + algorithm, impossible);
        }
    }

    static Cipher cipher(EncryptionAlgorithm algorithm) throws GeneralSecurityException {
        return Cipher.getInstance(
                switch (algorithm) {
                    case AES_GCM_16_128, AES_GCM_16_256 -> "AES/GCM/NoPadding";
                    case CHACHA20_POLY1305 -> "ChaCha20-Poly1305";
                    case AES_CBC_128, AES_CBC_256 -> throw notAnAead(algorithm);
                });
    }

    static Key keyOf(EncryptionAlgorithm algorithm, byte[] key) {
        return switch (algorithm) {
            case AES_GCM_16_128, AES_GCM_16_256 -> new SecretKeySpec(key, "AES");
            case CHACHA20_POLY1305 -> new SecretKeySpec(key, "ChaCha20");
            case AES_CBC_128, AES_CBC_256 -> throw notAnAead(algorithm);
        };
    }

    static AlgorithmParameterSpec parametersOf(EncryptionAlgorithm algorithm, byte[] nonce) {
        return switch (algorithm) {
            case AES_GCM_16_128, AES_GCM_16_256 ->
                    new GCMParameterSpec(ICV_LENGTH * Byte.SIZE, nonce);
            case CHACHA20_POLY1305 -> new IvParameterSpec(nonce);
            case AES_CBC_128, AES_CBC_256 -> throw notAnAead(algorithm);
        };
    }

    private static IllegalArgumentException notAnAead(EncryptionAlgorithm algorithm) {
        return new IllegalArgumentException(algorithm + " is not an AEAD");
    }
}
