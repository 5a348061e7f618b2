package dev.postern.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// A public key that verifies signatures. What a peer sends as one is refused where it is weak or
/// would make an operation expensive. Immutable; safe for use from any thread.
public sealed interface VerificationKey {
    /// The schemes that this key is for, the one to sign with first.
    List<SignatureScheme> schemes();

    /// Whether `signature` is one of the concatenated `message`. False for a scheme that is for
    /// another kind of key; ECDSA signatures are in DER.
    boolean verify(SignatureScheme scheme, byte[] signature, byte[]... message);

    /// Octets of one number of an ECDSA signature, 0 for other keys.
    default int numberLength() {
        return 0;
    }

    /// Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1).
    static VerificationKey of(byte[] subjectPublicKeyInfo) throws InvalidKeyException {
        return of(subjectPublicKeyInfo, Primitives.preferred());
    }

    static VerificationKey of(byte[] subjectPublicKeyInfo, Primitives primitives)
            throws InvalidKeyException {
        try {
            Der info = Der.only(subjectPublicKeyInfo, Der.SEQUENCE);
            byte[] algorithm = info.element();
            byte[] bits = info.bits();
            info.finish();
            return KeyKind.of(algorithm).verificationKey(bits, primitives);
        } catch (MalformedDerException e) {
            throw new InvalidKeyException("the public key is malformed: " + e.getMessage());
        }
    }

    /// RSA. Moduli of 2048 to 8192 bits; the exponent is odd, at least 3 and of at most 32 bits,
    /// which bounds the cost of a verification.
    record Rsa(BigInteger modulus, BigInteger exponent) implements VerificationKey {
        static final int LEAST_BITS = 2_048;
        static final int MOST_BITS = 8_192;
        private static final int MOST_EXPONENT_BITS = 32;

        static Rsa checked(BigInteger modulus, BigInteger exponent) throws InvalidKeyException {
            if (modulus.signum() <= 0
                    || modulus.bitLength() < LEAST_BITS
                    || modulus.bitLength() > MOST_BITS
                    || !modulus.testBit(0)) {
                throw new InvalidKeyException(
                        "an RSA modulus of "
                                + modulus.bitLength()
                                + " bits; wanted is an odd one of "
                                + LEAST_BITS
                                + " to "
                                + MOST_BITS
                                + " bits");
            }
            if (exponent.compareTo(BigInteger.TWO) <= 0
                    || !exponent.testBit(0)
                    || exponent.bitLength() > MOST_EXPONENT_BITS) {
                throw new InvalidKeyException(
                        "an RSA exponent that is even, below 3 or longer than 32 bits");
            }
            return new Rsa(modulus, exponent);
        }

        @Override
        public List<SignatureScheme> schemes() {
            return List.of(
                    SignatureScheme.RSA_PSS_SHA256,
                    SignatureScheme.RSA_PSS_SHA384,
                    SignatureScheme.RSA_PSS_SHA512,
                    SignatureScheme.RSA_PKCS1_SHA256,
                    SignatureScheme.RSA_PKCS1_SHA384,
                    SignatureScheme.RSA_PKCS1_SHA512,
                    SignatureScheme.RSA_PKCS1_SHA1);
        }

        @Override
        public boolean verify(SignatureScheme scheme, byte[] signature, byte[]... message) {
            int length = (modulus.bitLength() + 7) / 8;
            BigInteger number = new BigInteger(1, signature);
            if (scheme.kind() != SignatureScheme.Kind.RSA
                    || signature.length != length
                    || number.compareTo(modulus) >= 0) {
                return false;
            }
            BigInteger opened = number.modPow(exponent, modulus);
            byte[] digest = scheme.hash().digest(message);
            if (!scheme.isPss()) {
                return Arrays.equals(
                        RsaEncoding.pkcs1(scheme.hash(), length, digest),
                        Octets.of(opened, length));
            }
            int bits = modulus.bitLength() - 1;
            int encodedLength = (bits + 7) / 8;
            return opened.bitLength() <= 8 * encodedLength
                    && RsaEncoding.verifyPss(
                            scheme.hash(), bits, digest, Octets.of(opened, encodedLength));
        }
    }

    /// ECDSA over a curve of RFC 5903.
    ///
    /// @param point x | y
    record Ecdsa(Curve curve, byte[] point) implements VerificationKey {
        /// A curve with the primitives that compute on it.
        record Curve(WeierstrassCurve parameters, NistCurve primitive) {}

        @Override
        public List<SignatureScheme> schemes() {
            return schemes(curve.parameters());
        }

        static List<SignatureScheme> schemes(WeierstrassCurve curve) {
            SignatureScheme own =
                    switch (curve) {
                        case P_256 -> SignatureScheme.ECDSA_SHA256;
                        case P_384 -> SignatureScheme.ECDSA_SHA384;
                        case P_521 -> SignatureScheme.ECDSA_SHA512;
                    };
            return List.of(
                            own,
                            SignatureScheme.ECDSA_SHA256,
                            SignatureScheme.ECDSA_SHA384,
                            SignatureScheme.ECDSA_SHA512)
                    .stream()
                    .distinct()
                    .toList();
        }

        @Override
        public int numberLength() {
            return curve.parameters().length();
        }

        @Override
        public boolean verify(SignatureScheme scheme, byte[] signature, byte[]... message) {
            return scheme.kind() == SignatureScheme.Kind.ECDSA
                    && EcdsaSignature.ofDer(signature)
                            .map(numbers -> verify(numbers, scheme.hash().digest(message)))
                            .orElse(false);
        }

        private boolean verify(EcdsaSignature signature, byte[] digest) {
            BigInteger n = curve.parameters().n();
            BigInteger r = signature.r();
            BigInteger s = signature.s();
            if (r.signum() <= 0 || s.signum() <= 0 || r.compareTo(n) >= 0 || s.compareTo(n) >= 0) {
                return false;
            }
            BigInteger inverse = s.modInverse(n);
            BigInteger z = DeterministicNonce.leftmostBits(digest, n);
            byte[] u1 = Octets.of(z.multiply(inverse).mod(n), numberLength());
            byte[] u2 = Octets.of(r.multiply(inverse).mod(n), numberLength());
            return curve.primitive()
                    .combine(u1, u2, point)
                    .map(x -> new BigInteger(1, x).mod(n).equals(r))
                    .orElse(false);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Ecdsa that
                    && curve.parameters() == that.curve.parameters()
                    && Arrays.equals(point, that.point);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(point);
        }

        @Override
        public String toString() {
            return "Ecdsa[" + curve.parameters() + ", " + HexFormat.of().formatHex(point) + "]";
        }
    }

    /// EdDSA.
    record Eddsa(Edwards.Curve curve, byte[] point, Edwards primitive) implements VerificationKey {
        @Override
        public List<SignatureScheme> schemes() {
            return List.of(
                    switch (curve) {
                        case ED25519 -> SignatureScheme.ED25519;
                        case ED448 -> SignatureScheme.ED448;
                    });
        }

        @Override
        public boolean verify(SignatureScheme scheme, byte[] signature, byte[]... message) {
            return schemes().contains(scheme)
                    && signature.length == curve.signatureLength()
                    && primitive.verify(curve, point, signature, Octets.joined(message));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Eddsa that
                    && curve == that.curve
                    && Arrays.equals(point, that.point);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(point);
        }

        @Override
        public String toString() {
            return "Eddsa[" + curve + ", " + HexFormat.of().formatHex(point) + "]";
        }
    }
}
