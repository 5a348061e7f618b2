package dev.postern.crypto;

import java.util.Optional;

/// Pseudorandom functions (transform type 2), RFC 4868, and prf+ of RFC 7296 section 2.13. `HMAC_SHA1` and
/// `HMAC_SHA2_224` exist for the published vectors only and are never negotiated.
public enum Prf {
    HMAC_SHA1(2, 20, "HmacSHA1"),
    HMAC_SHA2_224(-1, 28, "HmacSHA224"),
    HMAC_SHA2_256(5, 32, "HmacSHA256"),
    HMAC_SHA2_384(6, 48, "HmacSHA384"),
    HMAC_SHA2_512(7, 64, "HmacSHA512");

    private final int transformId;
    private final int length;
    private final String jcaName;

    Prf(int transformId, int length, String jcaName) {
        this.transformId = transformId;
        this.length = length;
        this.jcaName = jcaName;
    }

    public int transformId() {
        return transformId;
    }

    /// Octets of output, which is also the preferred key length.
    public int length() {
        return length;
    }

    /// prf(key, data...): the data are concatenated.
    public byte[] compute(byte[] key, byte[]... data) {
        return Hmac.compute(jcaName, key, data);
    }

    /// prf+(key, seed...): `length` octets of T1 | T2 | ..., the seeds are concatenated.
    ///
    /// @throws IllegalArgumentException where more than 255 rounds would be needed
    public byte[] plus(byte[] key, int length, byte[]... seed) {
        return Hmac.plus(jcaName, this.length, key, length, seed);
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
