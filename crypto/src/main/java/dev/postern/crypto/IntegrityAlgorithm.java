package dev.postern.crypto;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// Integrity transforms (type 3) that go with AES-CBC, RFC 4868. `NONE` goes with an AEAD.
public enum IntegrityAlgorithm {
    NONE(0, 0, 0, null),
    HMAC_SHA2_256_128(12, 32, 16, Hash.SHA_256),
    HMAC_SHA2_384_192(13, 48, 24, Hash.SHA_384),
    HMAC_SHA2_512_256(14, 64, 32, Hash.SHA_512);

    private final int transformId;
    private final int keyLength;
    private final int icvLength;
    private final @Nullable Hash hash;

    IntegrityAlgorithm(int transformId, int keyLength, int icvLength, @Nullable Hash hash) {
        this.transformId = transformId;
        this.keyLength = keyLength;
        this.icvLength = icvLength;
        this.hash = hash;
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

    /// The hash below the HMAC.
    Hash hash() {
        if (hash == null) {
            throw new IllegalStateException(this + " computes nothing");
        }
        return hash;
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
