package dev.postern.crypto;

/// Protection of IKE messages (the SK payload): one direction of one IKE SA, an AEAD (RFC 5282) or encrypt-then-MAC with
/// AES-CBC (RFC 7296 section 3.14). Works in place on a heap array. Single-threaded.
///
/// Layout of the octets, from `offset` on, with the associated data first, as in an IKE message:
///
///     associated data (aadLength) | IV (ivLength) | text (textLength) | ICV (icvLength)
///
/// The text carries padding and pad length octet already; with AES-CBC its length is a multiple of the block.
public interface PayloadCipher extends AutoCloseable {
    int ivLength();

    int icvLength();

    /// The text's length must be a multiple of this: 1 for an AEAD, 16 for AES-CBC.
    int blockLength();

    /// Encrypts the text in place and writes the ICV behind it. The IV stands in its place already:
    /// never the same twice for an AEAD, unpredictable for AES-CBC.
    void seal(byte[] octets, int offset, int aadLength, int textLength);

    /// Verifies and decrypts the text in place. On `false` nothing may be concluded from the
    /// octets, which are unchanged or wiped.
    boolean open(byte[] octets, int offset, int aadLength, int textLength);

    /// Wipes the keys.
    @Override
    void close();

    /// The cipher for one direction of one IKE SA.
    ///
    /// @param encryptionKey key | salt for an AEAD, the key for AES-CBC; copied
    /// @param integrityKey empty for an AEAD; copied
    static PayloadCipher of(
            EncryptionAlgorithm encryption,
            IntegrityAlgorithm integrity,
            byte[] encryptionKey,
            byte[] integrityKey) {
        return encryption.isAead()
                ? new AeadPayloadCipher(encryption, encryptionKey)
                : new CbcHmacPayloadCipher(encryption, integrity, encryptionKey, integrityKey);
    }
}
