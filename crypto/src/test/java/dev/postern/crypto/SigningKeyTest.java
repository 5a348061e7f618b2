package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;

/// Private keys of PKCS#8 sign, public keys of certificates verify, and what is weak is refused.
/// The JDK is the other implementation.
class SigningKeyTest {
    private static final byte[] MESSAGE = {1, 2, 3, 4, 5};

    /// Of the parameters of RSASSA-PSS: SHA-256, and MGF1 with SHA-256.
    private static final byte[] HASHED = TestVectors.hex("a00f300d06096086480165030402010500");

    private static final byte[] MASKED =
            TestVectors.hex("a11c301a06092a864886f70d010108300d06096086480165030402010500");

    private static KeyPair pair(String algorithm, String parameter)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(new ECGenParameterSpec(parameter));
        } else if (algorithm.equals("RSA")) {
            generator.initialize(Integer.parseInt(parameter));
        }
        return generator.generateKeyPair();
    }

    @ParameterizedTest
    @CsvSource({
        "EC, secp256r1",
        "EC, secp384r1",
        "EC, secp521r1",
        "RSA, 2048",
        "RSA, 3072",
        "Ed25519, ''",
        "Ed448, ''"
    })
    void everySchemeOfAKeyVerifiesWithBothProviders(String algorithm, String parameter)
            throws GeneralSecurityException, InvalidKeyException {
        KeyPair pair = pair(algorithm, parameter);
        for (Primitives signer : TestVectors.providers()) {
            try (SigningKey key =
                    SigningKey.of(SecretBytes.owning(pair.getPrivate().getEncoded()), signer)) {
                for (Primitives verifier : TestVectors.providers()) {
                    VerificationKey other =
                            VerificationKey.of(pair.getPublic().getEncoded(), verifier);
                    assertThat(key.matches(other, new SeededEntropy(5))).isTrue();
                    for (SignatureScheme scheme : key.schemes()) {
                        byte[] signature = key.sign(scheme, new SeededEntropy(3), MESSAGE);
                        assertThat(other.verify(scheme, signature, MESSAGE))
                                .as("%s by %s at %s", scheme, signer.name(), verifier.name())
                                .isTrue();
                        assertThat(other.verify(scheme, signature, MESSAGE, new byte[1])).isFalse();
                        byte[] broken = signature.clone();
                        broken[broken.length - 1] ^= 1;
                        assertThat(other.verify(scheme, broken, MESSAGE)).isFalse();
                        assertThat(other.verify(scheme, new byte[0], MESSAGE)).isFalse();
                    }
                }
            }
        }
    }

    @Test
    void theJdkVerifiesWhatIsSignedHere() throws GeneralSecurityException, InvalidKeyException {
        KeyPair ec = pair("EC", "secp521r1");
        byte[] signature = sign(ec, SignatureScheme.ECDSA_SHA512);
        Signature verifier = Signature.getInstance("SHA512withECDSA");
        verifier.initVerify(ec.getPublic());
        verifier.update(MESSAGE);
        assertThat(verifier.verify(signature)).isTrue();
        KeyPair rsa = pair("RSA", "2048");
        verifier = Signature.getInstance("SHA384withRSA");
        verifier.initVerify(rsa.getPublic());
        verifier.update(MESSAGE);
        assertThat(verifier.verify(sign(rsa, SignatureScheme.RSA_PKCS1_SHA384))).isTrue();
    }

    private static byte[] sign(KeyPair pair, SignatureScheme scheme) throws InvalidKeyException {
        try (SigningKey key = SigningKey.of(SecretBytes.owning(pair.getPrivate().getEncoded()))) {
            return key.sign(scheme, new SeededEntropy(9), MESSAGE);
        }
    }

    @Test
    void theSameEntropyGivesTheSameSignatureAndOtherEntropyAnother()
            throws GeneralSecurityException, InvalidKeyException {
        KeyPair pair = pair("EC", "secp256r1");
        try (SigningKey key = SigningKey.of(SecretBytes.owning(pair.getPrivate().getEncoded()))) {
            SignatureScheme scheme = SignatureScheme.ECDSA_SHA256;
            byte[] first = key.sign(scheme, new SeededEntropy(1), MESSAGE);
            assertThat(key.sign(scheme, new SeededEntropy(1), MESSAGE)).isEqualTo(first);
            assertThat(key.sign(scheme, new SeededEntropy(2), MESSAGE)).isNotEqualTo(first);
        }
    }

    @Test
    void aKeyOfAnotherKindVerifiesNothing() throws GeneralSecurityException, InvalidKeyException {
        VerificationKey p256 = VerificationKey.of(pair("EC", "secp256r1").getPublic().getEncoded());
        KeyPair rsa = pair("RSA", "2048");
        byte[] signature = sign(rsa, SignatureScheme.RSA_PKCS1_SHA256);
        assertThat(p256.verify(SignatureScheme.RSA_PKCS1_SHA256, signature, MESSAGE)).isFalse();
        VerificationKey verifier = VerificationKey.of(rsa.getPublic().getEncoded());
        assertThat(verifier.verify(SignatureScheme.RSA_PSS_SHA256, signature, MESSAGE)).isFalse();
        assertThat(verifier.verify(SignatureScheme.RSA_PKCS1_SHA384, signature, MESSAGE)).isFalse();
        assertThat(verifier.verify(SignatureScheme.ECDSA_SHA256, signature, MESSAGE)).isFalse();
    }

    private static byte[] rsaInfo(BigInteger modulus, BigInteger exponent) {
        byte[] key = Der.write(Der.SEQUENCE, Der.write(modulus), Der.write(exponent));
        return Der.write(
                Der.SEQUENCE,
                KeyKind.RSA.identifier(),
                Der.write(Der.BIT_STRING, new byte[1], key));
    }

    private static void assertRefused(byte[] info, String reason) {
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> VerificationKey.of(info))
                .withMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2", "-3", "65536", "4294967297"})
    void tCert1AnRsaExponentThatIsZeroEvenOrHugeIsRefused(String exponent)
            throws GeneralSecurityException {
        BigInteger modulus = ((RSAPublicKey) pair("RSA", "2048").getPublic()).getModulus();
        assertRefused(rsaInfo(modulus, new BigInteger(exponent)), "exponent");
    }

    @Test
    void tCert5AndTCert8TinyEvenAndHugeModuliAreRefused() {
        BigInteger f4 = BigInteger.valueOf(65_537);
        assertRefused(rsaInfo(BigInteger.valueOf(15), f4), "4 bits");
        assertRefused(rsaInfo(BigInteger.ONE.shiftLeft(1023).setBit(0), f4), "1024 bits");
        assertRefused(rsaInfo(BigInteger.ONE.shiftLeft(2047), f4), "odd");
        assertRefused(rsaInfo(BigInteger.ONE.shiftLeft(8192).setBit(0), f4), "8193 bits");
        assertRefused(rsaInfo(BigInteger.ZERO, f4), "0 bits");
        assertRefused(rsaInfo(BigInteger.ONE.shiftLeft(2048).negate(), f4), "modulus");
    }

    @Test
    void tCert7ASignatureOfZeroTheModulusOrMoreVerifiesNothing()
            throws GeneralSecurityException, InvalidKeyException {
        KeyPair pair = pair("RSA", "2048");
        BigInteger n = ((RSAPublicKey) pair.getPublic()).getModulus();
        VerificationKey key = VerificationKey.of(pair.getPublic().getEncoded());
        for (BigInteger number :
                new BigInteger[] {BigInteger.ZERO, BigInteger.ONE, n, n.add(BigInteger.ONE)}) {
            byte[] signature = Octets.of(number, 256);
            for (SignatureScheme scheme : key.schemes()) {
                assertThat(key.verify(scheme, signature, MESSAGE)).as("%s", scheme).isFalse();
            }
        }
    }

    /// A forger with e = 3 takes the cube root of 00 01 FF 00 DigestInfo garbage: all octets are
    /// compared here, so that garbage and short padding never pass.
    @Test
    void tAuth1ALenientEncodingDoesNotVerify() throws InvalidKeyException {
        BigInteger three = BigInteger.valueOf(3);
        BigInteger n = BigInteger.ONE.shiftLeft(2048).subtract(BigInteger.valueOf(1_000_001));
        VerificationKey key = VerificationKey.of(rsaInfo(n.setBit(0), three));
        byte[] right = RsaEncoding.pkcs1(Hash.SHA_256, 256, Hash.SHA_256.digest(MESSAGE));
        int infoLength = 51;
        byte[] forged = new byte[256];
        forged[1] = 1;
        Arrays.fill(forged, 2, 10, (byte) 0xff);
        System.arraycopy(right, 256 - infoLength, forged, 11, infoLength);
        BigInteger root = cubeRootAbove(new BigInteger(1, forged));
        byte[] opened = Octets.of(root.pow(3), 256);
        assertThat(Arrays.copyOf(opened, 11 + infoLength))
                .as("the forged prefix stands in the cube")
                .isEqualTo(Arrays.copyOf(forged, 11 + infoLength));
        assertThat(key.verify(SignatureScheme.RSA_PKCS1_SHA256, Octets.of(root, 256), MESSAGE))
                .isFalse();
    }

    private static BigInteger cubeRootAbove(BigInteger number) {
        BigInteger low = BigInteger.ZERO;
        BigInteger high = BigInteger.ONE.shiftLeft(number.bitLength() / 3 + 1);
        while (low.compareTo(high) < 0) {
            BigInteger middle = low.add(high).shiftRight(1);
            if (middle.pow(3).compareTo(number) < 0) {
                low = middle.add(BigInteger.ONE);
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Test
    void aTruncatedOrPaddedKeyIsRefusedAtEveryOctet() throws GeneralSecurityException {
        KeyPair pair = pair("EC", "secp256r1");
        byte[] info = pair.getPublic().getEncoded();
        byte[] secret = pair.getPrivate().getEncoded();
        for (int length = 0; length < info.length; length++) {
            assertRefused(Arrays.copyOf(info, length), "malformed");
        }
        assertRefused(Arrays.copyOf(info, info.length + 1), "malformed");
        for (int length = 0; length < secret.length; length++) {
            SecretBytes cut = SecretBytes.owning(Arrays.copyOf(secret, length));
            assertThatExceptionOfType(InvalidKeyException.class)
                    .isThrownBy(() -> SigningKey.of(cut));
        }
    }

    @Test
    void aPointOffTheCurveIsRefused() throws GeneralSecurityException {
        byte[] info = pair("EC", "secp384r1").getPublic().getEncoded();
        info[info.length - 1] ^= 1;
        assertRefused(info, "not on its curve");
    }

    @ParameterizedTest
    @EnumSource(SignatureScheme.class)
    void aSchemeIsFoundByItsOwnIdentifierAndNoOther(SignatureScheme scheme) {
        byte[] identifier = scheme.identifier();
        if (scheme == SignatureScheme.RSA_PKCS1_SHA1) {
            assertThat(SignatureScheme.ofIdentifier(identifier)).isEmpty();
        } else {
            assertThat(SignatureScheme.ofIdentifier(identifier)).contains(scheme);
        }
        byte[] longer = Arrays.copyOf(identifier, identifier.length + 1);
        assertThat(SignatureScheme.ofIdentifier(longer)).isEmpty();
    }

    /// RFC 7427 appendix A.4.3, A.4.1 and A.4.2 (SHA-1 by default).
    @Test
    void pssParametersAreThoseOfRfc7427AndSha1IsNone() {
        byte[] sha256 =
                TestVectors.hex(
                        "304606092a864886f70d01010a3039a00f300d06096086480165030402010500a11c301a"
                                + "06092a864886f70d010108300d06096086480165030402010500a203020120"
                                + "a303020101");
        assertThat(SignatureScheme.RSA_PSS_SHA256.identifier()).isEqualTo(sha256);
        assertThat(SignatureScheme.ofIdentifier(TestVectors.hex("300d06092a864886f70d01010a3000")))
                .isEmpty();
    }

    private static byte[] pss(byte[]... parameters) {
        return Der.write(
                Der.SEQUENCE,
                TestVectors.hex("06092a864886f70d01010a"),
                Der.write(Der.SEQUENCE, parameters));
    }

    private static byte[] salt(byte... length) {
        return Der.write(0xa2, Der.write(Der.INTEGER, length));
    }

    /// RFC 7427 section 3: AUTH begins with an AlgorithmIdentifier of the peer's making.
    @Test
    void tCert4PssWithAnotherSaltThanItsHashIsNoScheme() {
        assertThat(SignatureScheme.ofIdentifier(pss(HASHED, MASKED, salt((byte) 32))))
                .contains(SignatureScheme.RSA_PSS_SHA256);
        for (byte[] length :
                new byte[][] {
                    {},
                    {0},
                    {31},
                    {33},
                    {-1},
                    {0x7f, -1, -1, -1},
                    {0, -1, -1, -1, -1},
                    {1, 0, 0, 0, 32},
                    {1, 0, 0, 0, 0, 0, 0, 0, 32}
                }) {
            assertThat(SignatureScheme.ofIdentifier(pss(HASHED, MASKED, salt(length))))
                    .as("%s", Arrays.toString(length))
                    .isEmpty();
        }
    }

    @Test
    void tCert6PssWhoseMaskHasNoHashIsNoScheme() {
        byte[] salt = salt((byte) 32);
        byte[] mgf1 = TestVectors.hex("06092a864886f70d010108");
        byte[] none = Der.write(0xa1, Der.write(Der.SEQUENCE, mgf1));
        byte[] nothing = Der.write(0xa1, Der.write(Der.SEQUENCE, mgf1, Der.write(Der.NULL)));
        byte[] empty = Der.write(0xa1, Der.write(Der.SEQUENCE, mgf1, Der.write(Der.SEQUENCE)));
        for (byte[] mask : new byte[][] {none, nothing, empty, Der.write(0xa1), new byte[0]}) {
            assertThat(SignatureScheme.ofIdentifier(pss(HASHED, mask, salt))).isEmpty();
        }
        assertThat(SignatureScheme.ofIdentifier(pss(MASKED, salt))).isEmpty();
        assertThat(SignatureScheme.ofIdentifier(pss())).isEmpty();
    }
}
