package dev.postern.crypto;

import java.lang.foreign.MemorySegment;

/// Protection of ESP packets: one direction of one Child SA, AEAD only, in place on native memory,
/// without allocation. Single-threaded. Backed by libcrypto where it is found, else by the JDK.
public interface PacketCipher extends AutoCloseable {
    int ICV_LENGTH = 16;

    int IV_LENGTH = 8;

    /// Encrypts `length` octets of `packet` from `offset` on, in place, and writes 16 octets of ICV
    /// right behind them.
    ///
    /// @param aad SPI | sequence number, or SPI | 64-bit sequence number with ESN (RFC 4106 section
    ///   5)
    /// @param aadLength 8 or 12
    /// @param iv the explicit IV, big endian on the wire; the caller never repeats one and writes
    ///   it itself
    void seal(
            MemorySegment aad,
            long aadOffset,
            int aadLength,
            long iv,
            MemorySegment packet,
            long offset,
            int length);

    /// Verifies the ICV that stands behind the `length` octets of ciphertext and decrypts them in
    /// place.
    ///
    /// @return false where the packet is not authentic; its octets are then worthless
    boolean open(
            MemorySegment aad,
            long aadOffset,
            int aadLength,
            long iv,
            MemorySegment packet,
            long offset,
            int length);

    /// Wipes the key and frees the native context. Idempotent.
    @Override
    void close();

    /// The cipher for one direction of one Child SA.
    ///
    /// @param keyMaterial key | salt (RFC 4106 section 8.1, RFC 7634 section 2); copied
    static PacketCipher of(EncryptionAlgorithm algorithm, byte[] keyMaterial) {
        return PacketCiphers.create(algorithm, keyMaterial);
    }
}
