package dev.postern.crypto;

/// The primitives that exist twice, from libcrypto and from the JDK. Everything else takes the
/// preferred ones; the tests run both through the same vectors.
interface Primitives {
    Primitives JDK = new JdkPrimitives();

    static Primitives preferred() {
        return JDK;
    }

    Aead aead();

    Curve25519 curve25519();

    NistCurve p256();

    NistCurve p384();

    ModularPower modularPower();

    PacketCipher packetCipher(EncryptionAlgorithm algorithm, byte[] keyMaterial);
}
