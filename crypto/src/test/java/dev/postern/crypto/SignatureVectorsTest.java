package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Published cases of signature verification, forgeries and odd encodings included, and of
/// deterministic ECDSA.
class SignatureVectorsTest {
    static List<Primitives> providers() {
        return TestVectors.providers();
    }

    private record Count(int valid, int refused) {}

    @ParameterizedTest
    @MethodSource("providers")
    void p256VerifiesAsWycheproofSays(Primitives primitives) throws InvalidKeyException {
        assertThat(
                        verify(
                                "ecdsa_secp256r1_sha256_test.json",
                                SignatureScheme.ECDSA_SHA256,
                                primitives))
                .isEqualTo(new Count(174, 310));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void p384VerifiesAsWycheproofSays(Primitives primitives) throws InvalidKeyException {
        assertThat(
                        verify(
                                "ecdsa_secp384r1_sha384_test.json",
                                SignatureScheme.ECDSA_SHA384,
                                primitives))
                .isEqualTo(new Count(194, 310));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void ed25519VerifiesAsWycheproofSays(Primitives primitives) throws InvalidKeyException {
        assertThat(verify("ed25519_test.json", SignatureScheme.ED25519, primitives))
                .isEqualTo(new Count(88, 63));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void rsaPssVerifiesAsWycheproofSays(Primitives primitives) throws InvalidKeyException {
        assertThat(
                        verify(
                                "rsa_pss_2048_sha256_mgf1_32_test.json",
                                SignatureScheme.RSA_PSS_SHA256,
                                primitives))
                .isEqualTo(new Count(63, 45));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void rsaPkcs1VerifiesAsWycheproofSays(Primitives primitives) throws InvalidKeyException {
        assertThat(
                        verify(
                                "rsa_signature_2048_sha256_test.json",
                                SignatureScheme.RSA_PKCS1_SHA256,
                                primitives))
                .isEqualTo(new Count(9, 250));
    }

    /// RFC 6979 appendix A.2.5 and A.2.6, message "sample".
    @ParameterizedTest
    @MethodSource("providers")
    void ecdsaSignsAsRfc6979Says(Primitives primitives) throws InvalidKeyException {
        byte[] sample = "sample".getBytes(StandardCharsets.US_ASCII);
        EcdsaSignature p256 =
                key(
                                WeierstrassCurve.P_256,
                                "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
                                primitives)
                        .sign(
                                SignatureScheme.ECDSA_SHA256,
                                new byte[0],
                                new SeededEntropy(1),
                                sample);
        assertThat(p256.r())
                .isEqualTo(
                        number("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"));
        assertThat(p256.s())
                .isEqualTo(
                        number("F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"));
        EcdsaSignature p384 =
                key(
                                WeierstrassCurve.P_384,
                                "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8"
                                        + "96D5724E4C70A825F872C9EA60D2EDF5",
                                primitives)
                        .sign(
                                SignatureScheme.ECDSA_SHA384,
                                new byte[0],
                                new SeededEntropy(2),
                                sample);
        assertThat(p384.r())
                .isEqualTo(
                        number(
                                "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C"
                                        + "81A648152E44ACF96E36DD1E80FABE46"));
        assertThat(p384.s())
                .isEqualTo(
                        number(
                                "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F"
                                        + "A329C145786E679E7B82C71A38628AC8"));
    }

    private static EcdsaSigningKey key(WeierstrassCurve curve, String d, Primitives primitives)
            throws InvalidKeyException {
        return EcdsaSigningKey.of(curve, SecretBytes.owning(TestVectors.hex(d)), primitives);
    }

    private static BigInteger number(String hex) {
        return new BigInteger(hex, 16);
    }

    private static Count verify(String file, SignatureScheme scheme, Primitives primitives)
            throws InvalidKeyException {
        int valid = 0;
        int refused = 0;
        for (TestVectors.Case test : TestVectors.wycheproof(file)) {
            VerificationKey key = VerificationKey.of(test.octets("publicKeyDer"), primitives);
            boolean verified = key.verify(scheme, test.octets("sig"), test.octets("msg"));
            // What the vectors call acceptable, an omitted NULL for example, is refused here.
            assertThat(verified).as(test.name()).isEqualTo(test.text("result").equals("valid"));
            if (verified) {
                valid++;
            } else {
                refused++;
            }
        }
        return new Count(valid, refused);
    }
}
