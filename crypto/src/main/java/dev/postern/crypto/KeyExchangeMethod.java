package dev.postern.crypto;

import java.util.Optional;

/// Key exchange methods (transform type 4): RFC 8031, RFC 5903, RFC 3526.
public enum KeyExchangeMethod {
    X25519(31, 32),
    ECP_256(19, 64),
    ECP_384(20, 96),
    MODP_2048(14, 256);

    private final int transformId;
    private final int publicLength;

    KeyExchangeMethod(int transformId, int publicLength) {
        this.transformId = transformId;
        this.publicLength = publicLength;
    }

    public int transformId() {
        return transformId;
    }

    /// Octets of the Key Exchange Data.
    public int publicLength() {
        return publicLength;
    }

    /// A fresh private key, derived from `entropy` alone, so that the same entropy gives the same
    /// key.
    public KeyAgreement generate(Entropy entropy) {
        return switch (this) {
            case X25519 -> X25519KeyAgreement.generate(entropy);
            case ECP_256, ECP_384 -> EcpKeyAgreement.generate(this, entropy);
            case MODP_2048 -> ModpKeyAgreement.generate(entropy);
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
