package dev.postern.crypto;

import java.math.BigInteger;
import java.util.Optional;

/// The primitives that exist twice, from libcrypto and from the JDK. Everything else takes the
/// preferred ones; the tests run both through the same vectors.
record Primitives(
        String name,
        Aead aead,
        Curve25519 curve25519,
        NistCurve p256,
        NistCurve p384,
        NistCurve p521,
        Edwards edwards,
        ModularPower modularPower,
        Powers powers,
        Packets packets) {

    /// How a packet cipher is made.
    @FunctionalInterface
    interface Packets {
        PacketCipher create(EncryptionAlgorithm algorithm, byte[] keyMaterial);
    }

    /// How secret exponentiation modulo some number is made.
    @FunctionalInterface
    interface Powers {
        ModularPower modulo(BigInteger modulus);
    }

    private static final Primitives PREFERRED = libCrypto().orElseGet(Primitives::jdk);

    NistCurve curve(WeierstrassCurve curve) {
        return switch (curve) {
            case P_256 -> p256;
            case P_384 -> p384;
            case P_521 -> p521;
        };
    }

    /// libcrypto's where it is found, else the JDK's: decided once.
    static Primitives preferred() {
        return PREFERRED;
    }

    static Primitives jdk() {
        return new Primitives(
                "JDK",
                new JdkAead(),
                new JdkCurve25519(),
                new JdkNistCurve(WeierstrassCurve.P_256),
                new JdkNistCurve(WeierstrassCurve.P_384),
                new JdkNistCurve(WeierstrassCurve.P_521),
                new JdkEdwards(),
                new JdkModularPower(ModpKeyAgreement.MODULUS),
                JdkModularPower::new,
                JdkPacketCipher::new);
    }

    /// Empty where the library or one of its functions is missing, or native access is denied. What
    /// is linked here, once and in full, cannot be found missing later in the middle of an
    /// exchange.
    static Optional<Primitives> libCrypto() {
        try {
            return Optional.of(
                    new Primitives(
                            LibCrypto.version(),
                            new LibCryptoAead(),
                            new LibCryptoCurve25519(),
                            new LibCryptoNistCurve(WeierstrassCurve.P_256),
                            new LibCryptoNistCurve(WeierstrassCurve.P_384),
                            new LibCryptoNistCurve(WeierstrassCurve.P_521),
                            new LibCryptoEdwards(),
                            new LibCryptoModularPower(ModpKeyAgreement.MODULUS),
                            LibCryptoModularPower::new,
                            LibCryptoPacketCipher::new));
        } catch (LinkageError missing) {
            return Optional.empty();
        }
    }
}
