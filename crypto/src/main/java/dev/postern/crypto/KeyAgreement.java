package dev.postern.crypto;

/// One side of one key exchange, used at most for one SA: [KeyExchangeMethod#generate] makes the
/// initiator's, [KeyExchangeMethod#respond] the responder's. Close it when it is no longer needed.
public interface KeyAgreement extends AutoCloseable {
    KeyExchangeMethod method();

    /// The Key Exchange Data to send: raw little-endian u (RFC 8031), x | y (RFC 5903), or a
    /// big-endian number padded to the length of the modulus (RFC 7296 section 3.4); of ML-KEM the
    /// encapsulation key, or the ciphertext.
    byte[] publicData();

    /// The shared secret g^ir as RFC 7296 section 2.14 and RFC 5903 section 7 encode it (the x
    /// coordinate; MODP padded to the length of the modulus), or ML-KEM's 32 octets.
    ///
    /// @throws InvalidKeyExchangeException where the peer's value has the wrong length, is not on
    ///   the curve, has low order, or is not in 2 .. p-2 (RFC 6989 section 2, RFC 7748 section 6.1)
    SecretBytes agree(byte[] peerPublicData) throws InvalidKeyExchangeException;

    @Override
    void close();
}
