package dev.postern.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// SK payloads under AES-CBC and HMAC: encrypt, then MAC over everything from the IKE header to the
/// end of the ciphertext (RFC 7296 section 3.14). Nothing is decrypted before the ICV was compared
/// in constant time, so there is no padding to tell apart.
final class CbcHmacPayloadCipher implements PayloadCipher {
    private static final int BLOCK = 16;

    private final IntegrityAlgorithm integrity;
    private final SecretBytes encryptionKey;
    private final SecretBytes integrityKey;

    CbcHmacPayloadCipher(
            EncryptionAlgorithm encryption,
            IntegrityAlgorithm integrity,
            byte[] encryptionKey,
            byte[] integrityKey) {
        if (encryption.isAead() || encryptionKey.length != encryption.keyLength()) {
            throw new IllegalArgumentException(
                    encryption + " as CBC with " + encryptionKey.length + " octets of key");
        }
        if (integrity == IntegrityAlgorithm.NONE || integrityKey.length != integrity.keyLength()) {
            throw new IllegalArgumentException(
                    integrity + " with " + integrityKey.length + " octets of key");
        }
        this.integrity = integrity;
        this.encryptionKey = SecretBytes.copyOf(encryptionKey);
        this.integrityKey = SecretBytes.copyOf(integrityKey);
    }

    @Override
    public int ivLength() {
        return BLOCK;
    }

    @Override
    public int icvLength() {
        return integrity.icvLength();
    }

    @Override
    public int blockLength() {
        return BLOCK;
    }

    @Override
    public void seal(byte[] octets, int offset, int aadLength, int textLength) {
        PayloadLayout.check(this, octets, offset, aadLength, textLength);
        crypt(Cipher.ENCRYPT_MODE, octets, offset + aadLength, textLength);
        int covered = aadLength + BLOCK + textLength;
        byte[] icv = icv(octets, offset, covered);
        System.arraycopy(icv, 0, octets, offset + covered, icv.length);
    }

    @Override
    public boolean open(byte[] octets, int offset, int aadLength, int textLength) {
        PayloadLayout.check(this, octets, offset, aadLength, textLength);
        int covered = aadLength + BLOCK + textLength;
        int end = offset + covered;
        byte[] received = Arrays.copyOfRange(octets, end, end + integrity.icvLength());
        if (!MessageDigest.isEqual(icv(octets, offset, covered), received)) {
            return false;
        }
        crypt(Cipher.DECRYPT_MODE, octets, offset + aadLength, textLength);
        return true;
    }

    private byte[] icv(byte[] octets, int offset, int length) {
        byte[] full = Hmac.compute(integrity.hash(), integrityKey.expose(), octets, offset, length);
        return Arrays.copyOf(full, integrity.icvLength());
    }

    private void crypt(int mode, byte[] octets, int iv, int textLength) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            cipher.init(
                    mode,
                    new SecretKeySpec(encryptionKey.expose(), "AES"),
                    new IvParameterSpec(octets, iv, BLOCK));
            cipher.doFinal(octets, iv + BLOCK, textLength, octets, iv + BLOCK);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK refused AES-CBC", impossible);
        }
    }

    @Override
    public void close() {
        encryptionKey.close();
        integrityKey.close();
    }
}
