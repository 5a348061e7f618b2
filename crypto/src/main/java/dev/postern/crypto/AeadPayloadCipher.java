package dev.postern.crypto;

import java.util.Arrays;

/// SK payloads under an AEAD. The nonce is salt | IV (RFC 5282 section 4); the associated data are
/// the octets before the IV (section 5.1).
final class AeadPayloadCipher implements PayloadCipher {
    private final EncryptionAlgorithm algorithm;
    private final Aead aead;
    private final SecretBytes key;
    private final SecretBytes salt;

    AeadPayloadCipher(EncryptionAlgorithm algorithm, byte[] keyMaterial) {
        this(algorithm, keyMaterial, Primitives.preferred().aead());
    }

    AeadPayloadCipher(EncryptionAlgorithm algorithm, byte[] keyMaterial, Aead aead) {
        if (!algorithm.isAead() || keyMaterial.length != algorithm.keyMaterialLength()) {
            throw new IllegalArgumentException(
                    algorithm
                            + " as an AEAD with "
                            + keyMaterial.length
                            + " octets of key material");
        }
        this.algorithm = algorithm;
        this.aead = aead;
        this.key = SecretBytes.owning(Arrays.copyOf(keyMaterial, algorithm.keyLength()));
        this.salt =
                SecretBytes.owning(
                        Arrays.copyOfRange(keyMaterial, algorithm.keyLength(), keyMaterial.length));
    }

    @Override
    public int ivLength() {
        return algorithm.ivLength();
    }

    @Override
    public int icvLength() {
        return algorithm.icvLength();
    }

    @Override
    public int blockLength() {
        return 1;
    }

    @Override
    public void seal(byte[] octets, int offset, int aadLength, int textLength) {
        PayloadLayout.check(this, octets, offset, aadLength, textLength);
        int iv = offset + aadLength;
        aead.seal(
                algorithm,
                key.expose(),
                nonce(octets, iv),
                octets,
                offset,
                aadLength,
                octets,
                iv + ivLength(),
                textLength);
    }

    @Override
    public boolean open(byte[] octets, int offset, int aadLength, int textLength) {
        PayloadLayout.check(this, octets, offset, aadLength, textLength);
        int iv = offset + aadLength;
        return aead.open(
                algorithm,
                key.expose(),
                nonce(octets, iv),
                octets,
                offset,
                aadLength,
                octets,
                iv + ivLength(),
                textLength);
    }

    private byte[] nonce(byte[] octets, int iv) {
        byte[] nonce = Arrays.copyOf(salt.expose(), Aead.NONCE_LENGTH);
        System.arraycopy(octets, iv, nonce, algorithm.saltLength(), algorithm.ivLength());
        return nonce;
    }

    @Override
    public void close() {
        key.close();
        salt.close();
    }
}
