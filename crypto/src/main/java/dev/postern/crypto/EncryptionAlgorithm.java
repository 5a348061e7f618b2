package dev.postern.crypto;

import java.util.Optional;

/// Encryption transforms (type 1) with a fixed key length, as IKE SK payloads and ESP use them. RFC
/// 8247, RFC 5282, RFC 4106, RFC 7634.
public enum EncryptionAlgorithm {
    AES_GCM_16_128(20, 128, 16, 4, 8, 16),
    AES_GCM_16_256(20, 256, 32, 4, 8, 16),
    CHACHA20_POLY1305(28, 0, 32, 4, 8, 16),
    AES_CBC_128(12, 128, 16, 0, 16, 0),
    AES_CBC_256(12, 256, 32, 0, 16, 0);

    private final int transformId;
    private final int keyLengthAttribute;
    private final int keyLength;
    private final int saltLength;
    private final int ivLength;
    private final int icvLength;

    EncryptionAlgorithm(
            int transformId,
            int keyLengthAttribute,
            int keyLength,
            int saltLength,
            int ivLength,
            int icvLength) {
        this.transformId = transformId;
        this.keyLengthAttribute = keyLengthAttribute;
        this.keyLength = keyLength;
        this.saltLength = saltLength;
        this.ivLength = ivLength;
        this.icvLength = icvLength;
    }

    /// The IANA transform id.
    public int transformId() {
        return transformId;
    }

    /// The Key Length attribute in bits, or 0 where the transform has none (ChaCha20-Poly1305).
    public int keyLengthAttribute() {
        return keyLengthAttribute;
    }

    /// Octets of key without salt.
    public int keyLength() {
        return keyLength;
    }

    /// Octets of salt that follow the key in the key material (RFC 5282 section 7.1, RFC 4106
    /// section 8.1).
    public int saltLength() {
        return saltLength;
    }

    /// Octets that this algorithm takes from the key material: key and salt.
    public int keyMaterialLength() {
        return keyLength + saltLength;
    }

    /// Octets of explicit IV on the wire.
    public int ivLength() {
        return ivLength;
    }

    /// Octets of the ICV of an AEAD; 0 where a separate integrity algorithm makes it.
    public int icvLength() {
        return icvLength;
    }

    public boolean isAead() {
        return icvLength > 0;
    }

    public static Optional<EncryptionAlgorithm> of(int transformId, int keyLengthAttribute) {
        for (EncryptionAlgorithm algorithm : values()) {
            if (algorithm.transformId == transformId
                    && algorithm.keyLengthAttribute == keyLengthAttribute) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
