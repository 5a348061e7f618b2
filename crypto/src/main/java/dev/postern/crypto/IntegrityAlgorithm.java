package dev.postern.crypto;

import java.util.Optional;

/// Integrity transforms (type 3) that go with AES-CBC, RFC 4868. `NONE` goes with an AEAD.
public enum IntegrityAlgorithm {
    NONE(0, 0, 0, ""),
    HMAC_SHA2_256_128(12, 32, 16, "HmacSHA256"),
    HMAC_SHA2_384_192(13, 48, 24, "HmacSHA384"),
    HMAC_SHA2_512_256(14, 64, 32, "HmacSHA512");

    private final int transformId;
    private final int keyLength;
    private final int icvLength;
    private final String jcaName;

    IntegrityAlgorithm(int transformId, int keyLength, int icvLength, String jcaName) {
        this.transformId = transformId;
        this.keyLength = keyLength;
        this.icvLength = icvLength;
        this.jcaName = jcaName;
    }

    public int transformId() {
        return transformId;
    }

    /// Octets of key.
    public int keyLength() {
        return keyLength;
    }

    /// Octets of ICV on the wire.
    public int icvLength() {
        return icvLength;
    }

    String jcaName() {
        return jcaName;
    }

    public static Optional<IntegrityAlgorithm> of(int transformId) {
        for (IntegrityAlgorithm algorithm : values()) {
            if (algorithm.transformId == transformId) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
