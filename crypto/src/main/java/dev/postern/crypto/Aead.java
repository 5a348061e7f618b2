package dev.postern.crypto;

/// An AEAD applied once, in place on a heap array: key set-up, text and ICV in one call. It keeps
/// nothing, so that many thousands of idle IKE SAs cost no native memory. Safe for use from any
/// thread.
sealed interface Aead permits JdkAead, LibCryptoAead {
    /// Octets of ICV behind the text, the same for every algorithm.
    int ICV_LENGTH = 16;

    /// Octets of nonce (RFC 5282 section 4, RFC 7634 section 2).
    int NONCE_LENGTH = 12;

    /// Encrypts the text in place and writes the ICV behind it.
    ///
    /// @param key exactly the algorithm's key, without salt
    void seal(
            EncryptionAlgorithm algorithm,
            byte[] key,
            byte[] nonce,
            byte[] aad,
            int aadOffset,
            int aadLength,
            byte[] octets,
            int textOffset,
            int textLength);

    /// Verifies the ICV behind the text and decrypts in place.
    ///
    /// @return false where the octets are not authentic; the text is then unchanged or wiped
    boolean open(
            EncryptionAlgorithm algorithm,
            byte[] key,
            byte[] nonce,
            byte[] aad,
            int aadOffset,
            int aadLength,
            byte[] octets,
            int textOffset,
            int textLength);
}
