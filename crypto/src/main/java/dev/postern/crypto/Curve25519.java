package dev.postern.crypto;

import java.util.Optional;

/// The function X25519 of RFC 7748 section 5 in its two uses. Safe for use from any thread.
sealed interface Curve25519 permits JdkCurve25519, LibCryptoCurve25519 {
    /// X25519(scalar, 9), little endian.
    byte[] publicKey(byte[] scalar);

    /// X25519(scalar, peer); empty where the result is all zero, which a point of low order causes
    /// (section 6.1).
    ///
    /// @param ownPublic what `publicKey(scalar)` gave, so that it need not be computed again
    Optional<byte[]> agree(byte[] scalar, byte[] ownPublic, byte[] peer);
}
