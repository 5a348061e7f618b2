package dev.postern.crypto;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Optional;

import javax.crypto.KeyAgreement;

/// ECDH of the JDK, for machines without libcrypto.
record JdkNistCurve(WeierstrassCurve curve) implements NistCurve {
    /// The JDK gives the x coordinate of a product and never y. The x coordinate of the next
    /// multiple tells which of the two candidates y is, and all of the secret's arithmetic stays in
    /// the JDK's constant-time code.
    @Override
    public byte[] publicPoint(byte[] scalar) {
        BigInteger d = new BigInteger(1, scalar);
        if (d.equals(BigInteger.ONE) || d.equals(curve.n().subtract(BigInteger.ONE))) {
            boolean one = d.equals(BigInteger.ONE);
            return point(
                    curve.generatorX(),
                    one ? curve.generatorY() : curve.negated(curve.generatorY()));
        }
        BigInteger x = new BigInteger(1, multiply(d, curve.generatorX(), curve.generatorY()));
        BigInteger next =
                new BigInteger(
                        1, multiply(d.add(BigInteger.ONE), curve.generatorX(), curve.generatorY()));
        BigInteger y = curve.yOf(x);
        return point(x, curve.xOfSumWithGenerator(x, y).equals(next) ? y : curve.negated(y));
    }

    @Override
    public Optional<byte[]> agree(byte[] scalar, byte[] peer) {
        BigInteger x = curve.x(peer);
        BigInteger y = curve.y(peer);
        return curve.contains(x, y)
                ? Optional.of(multiply(new BigInteger(1, scalar), x, y))
                : Optional.empty();
    }

    /// In plain affine arithmetic: nothing here is secret, and this is the slow way of machines
    /// without libcrypto.
    @Override
    public Optional<byte[]> combine(byte[] u1, byte[] u2, byte[] peer) {
        BigInteger x = curve.x(peer);
        BigInteger y = curve.y(peer);
        if (!curve.contains(x, y)) {
            return Optional.empty();
        }
        AffinePoint generator = new AffinePoint(curve.p(), curve.generatorX(), curve.generatorY());
        AffinePoint sum =
                generator
                        .times(new BigInteger(1, u1))
                        .plus(new AffinePoint(curve.p(), x, y).times(new BigInteger(1, u2)));
        if (sum.isInfinite()) {
            return Optional.empty();
        }
        return Optional.of(Octets.of(sum.x(), curve.length()));
    }

    private byte[] multiply(BigInteger d, BigInteger x, BigInteger y) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(curve.jcaName()));
            ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
            KeyFactory keys = KeyFactory.getInstance("EC");
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
            agreement.init(keys.generatePrivate(new ECPrivateKeySpec(d, spec)));
            agreement.doPhase(
                    keys.generatePublic(new ECPublicKeySpec(new ECPoint(x, y), spec)), true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK refused ECDH on " + curve, impossible);
        }
    }

    private byte[] point(BigInteger x, BigInteger y) {
        byte[] point = new byte[2 * curve.length()];
        Octets.put(x, point, 0, curve.length());
        Octets.put(y, point, curve.length(), curve.length());
        return point;
    }
}
