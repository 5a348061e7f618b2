package dev.postern.crypto;

import java.util.Optional;

/// Scalar multiplication on one curve of RFC 5903. Points are x | y, big endian, of fixed length.
/// Safe for use from any thread.
sealed interface NistCurve permits JdkNistCurve, LibCryptoNistCurve {
    /// scalar * G.
    ///
    /// @param scalar 1 .. n-1, big endian, as long as a coordinate
    byte[] publicPoint(byte[] scalar);

    /// The x coordinate of scalar * peer; empty where the peer's point is not on the curve (RFC
    /// 6989 section 2.3).
    Optional<byte[]> agree(byte[] scalar, byte[] peer);

    /// The x coordinate of u1 * G + u2 * peer, all of it public; empty where the peer's point is
    /// not on the curve or the sum is infinite.
    Optional<byte[]> combine(byte[] u1, byte[] u2, byte[] peer);
}
