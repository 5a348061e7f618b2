package dev.postern.crypto;

import java.util.Optional;

/// Key exchange methods (transform types 4 and 6 to 12): RFC 8031, RFC 5903, RFC 3526, and ML-KEM
/// (draft-ietf-ipsecme-ikev2-mlkem).
public enum KeyExchangeMethod {
    X25519(31, 32),
    ECP_256(19, 64),
    ECP_384(20, 96),
    MODP_2048(14, 256),
    ML_KEM_512(35, 800, 768),
    ML_KEM_768(36, 1184, 1088),
    ML_KEM_1024(37, 1568, 1568);

    private final int transformId;
    private final int publicLength;
    private final int responseLength;

    KeyExchangeMethod(int transformId, int length) {
        this(transformId, length, length);
    }

    KeyExchangeMethod(int transformId, int publicLength, int responseLength) {
        this.transformId = transformId;
        this.publicLength = publicLength;
        this.responseLength = responseLength;
    }

    public int transformId() {
        return transformId;
    }

    /// Octets of the initiator's Key Exchange Data.
    public int publicLength() {
        return publicLength;
    }

    /// Octets of the responder's Key Exchange Data.
    public int responseLength() {
        return responseLength;
    }

    /// Whether it holds against a quantum computer.
    public boolean isPostQuantum() {
        return switch (this) {
            case ML_KEM_512, ML_KEM_768, ML_KEM_1024 -> true;
            case X25519, ECP_256, ECP_384, MODP_2048 -> false;
        };
    }

    /// The responder's side, once the initiator's data are there. A Diffie-Hellman method looks at
    /// them only in [KeyAgreement#agree]; ML-KEM encapsulates to them here.
    ///
    /// @throws InvalidKeyExchangeException where the initiator's data are no encapsulation key
    public KeyAgreement respond(byte[] initiatorData, Entropy entropy)
            throws InvalidKeyExchangeException {
        return switch (this) {
            case X25519, ECP_256, ECP_384, MODP_2048 -> generate(entropy);
            case ML_KEM_512, ML_KEM_768, ML_KEM_1024 -> MlKem.respond(this, initiatorData, entropy);
        };
    }

    /// The initiator's side: a fresh private key, derived from `entropy` alone, so that the same
    /// entropy gives the same key.
    public KeyAgreement generate(Entropy entropy) {
        return switch (this) {
            case X25519 -> X25519KeyAgreement.generate(entropy);
            case ECP_256, ECP_384 -> EcpKeyAgreement.generate(this, entropy);
            case MODP_2048 -> ModpKeyAgreement.generate(entropy);
            case ML_KEM_512, ML_KEM_768, ML_KEM_1024 -> MlKem.generate(this, entropy);
        };
    }

    public static Optional<KeyExchangeMethod> of(int transformId) {
        for (KeyExchangeMethod method : values()) {
            if (method.transformId == transformId) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }
}
