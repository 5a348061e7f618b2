package dev.postern.crypto;

final class JdkPrimitives implements Primitives {
    private final Aead aead = new JdkAead();
    private final Curve25519 curve25519 = new JdkCurve25519();
    private final NistCurve p256 = new JdkNistCurve(WeierstrassCurve.P_256);
    private final NistCurve p384 = new JdkNistCurve(WeierstrassCurve.P_384);
    private final ModularPower modularPower = new JdkModularPower();

    @Override
    public Aead aead() {
        return aead;
    }

    @Override
    public Curve25519 curve25519() {
        return curve25519;
    }

    @Override
    public NistCurve p256() {
        return p256;
    }

    @Override
    public NistCurve p384() {
        return p384;
    }

    @Override
    public ModularPower modularPower() {
        return modularPower;
    }

    @Override
    public PacketCipher packetCipher(EncryptionAlgorithm algorithm, byte[] keyMaterial) {
        return new JdkPacketCipher(algorithm, keyMaterial);
    }
}
