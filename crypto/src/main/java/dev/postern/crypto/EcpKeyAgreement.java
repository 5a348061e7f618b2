package dev.postern.crypto;

import java.math.BigInteger;

/// The random ECP groups of RFC 5903: the public value is x | y, the secret the x coordinate
/// (sections 7 and 9).
final class EcpKeyAgreement implements KeyAgreement {
    /// A real source needs a second draw once in 2^32 (P-256) or 2^192 (P-384) keys.
    private static final int DRAWS = 64;

    private final KeyExchangeMethod method;
    private final NistCurve curve;
    private final SecretBytes scalar;
    private final byte[] publicData;

    private EcpKeyAgreement(KeyExchangeMethod method, NistCurve curve, SecretBytes scalar) {
        this.method = method;
        this.curve = curve;
        this.scalar = scalar;
        this.publicData = curve.publicPoint(scalar.expose());
    }

    static EcpKeyAgreement generate(KeyExchangeMethod method, Entropy entropy) {
        return generate(method, entropy, Primitives.preferred());
    }

    static EcpKeyAgreement generate(
            KeyExchangeMethod method, Entropy entropy, Primitives primitives) {
        return of(method, scalar(curveOf(method), entropy), primitives);
    }

    /// @param scalar 1 .. n-1, big endian, as long as a coordinate; owned
    static EcpKeyAgreement of(KeyExchangeMethod method, byte[] scalar, Primitives primitives) {
        NistCurve curve =
                curveOf(method) == WeierstrassCurve.P_256 ? primitives.p256() : primitives.p384();
        return new EcpKeyAgreement(method, curve, SecretBytes.owning(scalar));
    }

    /// Rejection sampling, uniform in 1 .. n-1 (FIPS 186-5 appendix A.2.2).
    private static byte[] scalar(WeierstrassCurve curve, Entropy entropy) {
        for (int draw = 0; draw < DRAWS; draw++) {
            byte[] candidate = entropy.octets(curve.length());
            BigInteger d = new BigInteger(1, candidate);
            if (d.signum() > 0 && d.compareTo(curve.n()) < 0) {
                return candidate;
            }
        }
        throw new IllegalStateException("the entropy source repeats itself");
    }

    private static WeierstrassCurve curveOf(KeyExchangeMethod method) {
        return switch (method) {
            case ECP_256 -> WeierstrassCurve.P_256;
            case ECP_384 -> WeierstrassCurve.P_384;
            case X25519, MODP_2048, ML_KEM_512, ML_KEM_768, ML_KEM_1024 ->
                    throw new IllegalArgumentException(method + " is not an ECP group");
        };
    }

    @Override
    public KeyExchangeMethod method() {
        return method;
    }

    @Override
    public byte[] publicData() {
        return publicData.clone();
    }

    @Override
    public SecretBytes agree(byte[] peerPublicData) throws InvalidKeyExchangeException {
        if (peerPublicData.length != method.publicLength()) {
            throw new InvalidKeyExchangeException(
                    "a public value of " + method + " has " + method.publicLength() + " octets");
        }
        return curve.agree(scalar.expose(), peerPublicData)
                .map(SecretBytes::owning)
                .orElseThrow(() ->
                        new InvalidKeyExchangeException(
                                "the public value is not a point of " + method));
    }

    @Override
    public void close() {
        scalar.close();
    }
}
