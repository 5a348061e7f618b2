package dev.postern.crypto;

/// Curve25519 as RFC 8031 uses it. A u coordinate that is not canonical is accepted and its top bit
/// ignored, as RFC 7748 section 5 demands; a point of low order is refused.
final class X25519KeyAgreement implements KeyAgreement {
    private static final int LENGTH = 32;

    private final Curve25519 curve;
    private final SecretBytes scalar;
    private final byte[] publicData;

    private X25519KeyAgreement(Curve25519 curve, SecretBytes scalar) {
        this.curve = curve;
        this.scalar = scalar;
        this.publicData = curve.publicKey(scalar.expose());
    }

    static X25519KeyAgreement generate(Entropy entropy) {
        return of(Primitives.preferred().curve25519(), entropy.octets(LENGTH));
    }

    static X25519KeyAgreement of(Curve25519 curve, byte[] scalar) {
        return new X25519KeyAgreement(curve, SecretBytes.owning(scalar));
    }

    @Override
    public KeyExchangeMethod method() {
        return KeyExchangeMethod.X25519;
    }

    @Override
    public byte[] publicData() {
        return publicData.clone();
    }

    @Override
    public SecretBytes agree(byte[] peerPublicData) throws InvalidKeyExchangeException {
        if (peerPublicData.length != LENGTH) {
            throw new InvalidKeyExchangeException("an X25519 public value has 32 octets");
        }
        return curve.agree(scalar.expose(), publicData, peerPublicData)
                .map(SecretBytes::owning)
                .orElseThrow(() ->
                        new InvalidKeyExchangeException("the X25519 public value has low order"));
    }

    @Override
    public void close() {
        scalar.close();
    }
}
