package dev.postern.crypto;

import java.util.Optional;

/// Pseudorandom functions (transform type 2), RFC 4868, and prf+ of RFC 7296 section 2.13.
/// `HMAC_SHA1` and `HMAC_SHA2_224` exist for the published vectors only and are never negotiated.
public enum Prf {
    HMAC_SHA1(2, Hash.SHA_1),
    HMAC_SHA2_224(-1, Hash.SHA_224),
    HMAC_SHA2_256(5, Hash.SHA_256),
    HMAC_SHA2_384(6, Hash.SHA_384),
    HMAC_SHA2_512(7, Hash.SHA_512);

    private final int transformId;
    private final Hash hash;

    Prf(int transformId, Hash hash) {
        this.transformId = transformId;
        this.hash = hash;
    }

    public int transformId() {
        return transformId;
    }

    /// Octets of output, which is also the preferred key length.
    public int length() {
        return hash.length();
    }

    /// prf(key, data...): the data are concatenated.
    public byte[] compute(byte[] key, byte[]... data) {
        return Hmac.compute(hash, key, data);
    }

    /// prf+(key, seed...): `length` octets of T1 | T2 | ..., the seeds are concatenated.
    ///
    /// @throws IllegalArgumentException where more than 255 rounds would be needed
    public byte[] plus(byte[] key, int length, byte[]... seed) {
        try (KeyedPrf keyed = keyed(key)) {
            return keyed.plus(length, seed);
        }
    }

    /// This function with `key`, for a key that is used more than once; copied in the form of two
    /// states.
    public KeyedPrf keyed(byte[] key) {
        return new KeyedPrf(hash, key);
    }

    public static Optional<Prf> of(int transformId) {
        for (Prf prf : values()) {
            if (prf.transformId == transformId && transformId >= 5) {
                return Optional.of(prf);
            }
        }
        return Optional.empty();
    }
}
