package dev.postern.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/// ECDSA. The product with the generator is the primitive's; what remains, s = (z + r d) / k, is
/// done on numbers that a random factor blinds, so that the time it takes says nothing about d or
/// k.
final class EcdsaSigningKey implements SigningKey {
    private final WeierstrassCurve curve;
    private final SecretBytes key;
    private final NistCurve primitive;

    private EcdsaSigningKey(WeierstrassCurve curve, SecretBytes key, NistCurve primitive) {
        this.curve = curve;
        this.key = key;
        this.primitive = primitive;
    }

    /// @param key d, as long as a coordinate
    static EcdsaSigningKey of(WeierstrassCurve curve, SecretBytes key, Primitives primitives)
            throws InvalidKeyException {
        BigInteger d = new BigInteger(1, key.expose());
        if (key.length() != curve.length() || d.signum() == 0 || d.compareTo(curve.n()) >= 0) {
            key.close();
            throw new InvalidKeyException("an EC private key that is out of its curve's range");
        }
        return new EcdsaSigningKey(curve, key, primitives.curve(curve));
    }

    @Override
    public List<SignatureScheme> schemes() {
        return VerificationKey.Ecdsa.schemes(curve);
    }

    @Override
    public byte[] sign(SignatureScheme scheme, Entropy entropy, byte[]... message) {
        if (scheme.kind() != SignatureScheme.Kind.ECDSA) {
            throw new IllegalArgumentException(scheme + " is not for a key of " + curve);
        }
        return sign(scheme, entropy.octets(scheme.hash().length()), entropy, message).toDer();
    }

    /// @param additional goes into k; empty for the plain form of RFC 6979
    EcdsaSignature sign(
            SignatureScheme scheme, byte[] additional, Entropy blinding, byte[]... message) {
        BigInteger n = curve.n();
        BigInteger z = DeterministicNonce.leftmostBits(scheme.hash().digest(message), n);
        byte[] digest = Octets.of(z.mod(n), curve.length());
        try (DeterministicNonce nonces =
                new DeterministicNonce(scheme.hash(), n, key.expose(), digest, additional)) {
            while (true) {
                BigInteger k = nonces.next();
                byte[] scalar = Octets.of(k, curve.length());
                BigInteger r = curve.x(primitive.publicPoint(scalar)).mod(n);
                Arrays.fill(scalar, (byte) 0);
                BigInteger b = blindingFactor(blinding);
                BigInteger d = new BigInteger(1, key.expose());
                BigInteger blinded = z.multiply(b).add(b.multiply(d).mod(n).multiply(r)).mod(n);
                BigInteger s = blinded.multiply(k.multiply(b).mod(n).modInverse(n)).mod(n);
                if (r.signum() != 0 && s.signum() != 0) {
                    return new EcdsaSignature(r, s);
                }
            }
        }
    }

    private BigInteger blindingFactor(Entropy entropy) {
        while (true) {
            BigInteger b = new BigInteger(1, entropy.octets(curve.length() + 8)).mod(curve.n());
            if (b.signum() != 0) {
                return b;
            }
        }
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
