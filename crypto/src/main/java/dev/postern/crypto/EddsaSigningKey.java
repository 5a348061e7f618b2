package dev.postern.crypto;

import java.util.List;

/// EdDSA; needs no randomness.
final class EddsaSigningKey implements SigningKey {
    private final Edwards.Curve curve;
    private final SecretBytes key;
    private final Edwards primitive;

    EddsaSigningKey(Edwards.Curve curve, SecretBytes key, Edwards primitive) {
        this.curve = curve;
        this.key = key;
        this.primitive = primitive;
    }

    @Override
    public List<SignatureScheme> schemes() {
        return List.of(
                switch (curve) {
                    case ED25519 -> SignatureScheme.ED25519;
                    case ED448 -> SignatureScheme.ED448;
                });
    }

    @Override
    public byte[] sign(SignatureScheme scheme, Entropy entropy, byte[]... message) {
        if (!schemes().contains(scheme)) {
            throw new IllegalArgumentException(scheme + " is not for a key of " + curve);
        }
        return primitive.sign(curve, key.expose(), Octets.joined(message));
    }

    @Override
    public void close() {
        key.close();
    }

    @Override
    public String toString() {
        return "SigningKey[" + curve + "]";
    }
}
