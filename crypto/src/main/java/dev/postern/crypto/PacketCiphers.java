package dev.postern.crypto;

final class PacketCiphers {
    private PacketCiphers() {}

    static PacketCipher create(EncryptionAlgorithm algorithm, byte[] keyMaterial) {
        return Primitives.preferred().packets().create(algorithm, keyMaterial);
    }
}
