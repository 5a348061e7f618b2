package dev.postern.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/// RSA by the Chinese remainder theorem, on a message that a random factor blinds. A signature
/// leaves only after it has verified: a fault in one of the halves would give the key away.
final class RsaSigningKey implements SigningKey {
    private final VerificationKey.Rsa publicKey;
    private final BigInteger p;
    private final BigInteger q;
    private final BigInteger inverseOfQ;
    private final SecretBytes exponentP;
    private final SecretBytes exponentQ;
    private final ModularPower powerP;
    private final ModularPower powerQ;

    private RsaSigningKey(
            VerificationKey.Rsa publicKey,
            BigInteger p,
            BigInteger q,
            BigInteger inverseOfQ,
            SecretBytes exponentP,
            SecretBytes exponentQ,
            Primitives primitives) {
        this.publicKey = publicKey;
        this.p = p;
        this.q = q;
        this.inverseOfQ = inverseOfQ;
        this.exponentP = exponentP;
        this.exponentQ = exponentQ;
        this.powerP = primitives.powers().modulo(p);
        this.powerQ = primitives.powers().modulo(q);
    }

    /// @param numbers the contents of an RSAPrivateKey (RFC 8017 appendix A.1.2)
    static RsaSigningKey of(Der numbers, Primitives primitives)
            throws MalformedDerException, InvalidKeyException {
        if (numbers.integer().signum() != 0) {
            throw new InvalidKeyException("an RSA key of more than two primes");
        }
        BigInteger n = numbers.integer();
        VerificationKey.Rsa publicKey = VerificationKey.Rsa.checked(n, numbers.integer());
        numbers.integer();
        BigInteger p = numbers.integer();
        BigInteger q = numbers.integer();
        BigInteger dp = numbers.integer();
        BigInteger dq = numbers.integer();
        BigInteger inverse = numbers.integer();
        boolean sound =
                p.compareTo(BigInteger.ONE) > 0
                        && q.compareTo(BigInteger.ONE) > 0
                        && p.multiply(q).equals(n)
                        && dp.signum() > 0
                        && dq.signum() > 0
                        && dp.compareTo(p) < 0
                        && dq.compareTo(q) < 0
                        && inverse.signum() > 0
                        && inverse.multiply(q).mod(p).equals(BigInteger.ONE);
        if (!sound) {
            throw new InvalidKeyException(
                    "the numbers of an RSA private key contradict each other");
        }
        return new RsaSigningKey(
                publicKey,
                p,
                q,
                inverse,
                SecretBytes.owning(Octets.of(dp, length(p))),
                SecretBytes.owning(Octets.of(dq, length(q))),
                primitives);
    }

    private static int length(BigInteger modulus) {
        return (modulus.bitLength() + 7) / 8;
    }

    @Override
    public List<SignatureScheme> schemes() {
        return publicKey.schemes();
    }

    @Override
    public byte[] sign(SignatureScheme scheme, Entropy entropy, byte[]... message) {
        if (scheme.kind() != SignatureScheme.Kind.RSA) {
            throw new IllegalArgumentException(scheme + " is not for an RSA key");
        }
        BigInteger n = publicKey.modulus();
        byte[] digest = scheme.hash().digest(message);
        byte[] encoded =
                scheme.isPss()
                        ? RsaEncoding.pss(
                                scheme.hash(),
                                n.bitLength() - 1,
                                digest,
                                entropy.octets(scheme.hash().length()))
                        : RsaEncoding.pkcs1(scheme.hash(), length(n), digest);
        BigInteger number = new BigInteger(1, encoded);
        BigInteger r = blindingFactor(entropy);
        BigInteger blinded = r.modPow(publicKey.exponent(), n).multiply(number).mod(n);
        BigInteger signature = power(blinded).multiply(r.modInverse(n)).mod(n);
        if (!signature.modPow(publicKey.exponent(), n).equals(number)) {
            throw new IllegalStateException("an RSA signature came out wrong and was withheld");
        }
        return Octets.of(signature, length(n));
    }

    private BigInteger power(BigInteger number) {
        BigInteger atP = part(powerP, number.mod(p), p, exponentP);
        BigInteger atQ = part(powerQ, number.mod(q), q, exponentQ);
        BigInteger h = atP.subtract(atQ).multiply(inverseOfQ).mod(p);
        return h.multiply(q).add(atQ);
    }

    private static BigInteger part(
            ModularPower power, BigInteger base, BigInteger modulus, SecretBytes exponent) {
        byte[] result = power.power(Octets.of(base, length(modulus)), exponent.expose());
        BigInteger number = new BigInteger(1, result);
        Arrays.fill(result, (byte) 0);
        return number;
    }

    private BigInteger blindingFactor(Entropy entropy) {
        BigInteger n = publicKey.modulus();
        while (true) {
            BigInteger r = new BigInteger(1, entropy.octets(length(n))).mod(n);
            if (r.signum() > 0 && r.gcd(n).equals(BigInteger.ONE)) {
                return r;
            }
        }
    }

    @Override
    public void close() {
        exponentP.close();
        exponentQ.close();
    }

    @Override
    public String toString() {
        return "SigningKey[RSA, " + publicKey.modulus().bitLength() + " bits]";
    }
}
