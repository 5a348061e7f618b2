package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.List;

/// The published cases of ECDH and X25519, invalid public values included (RFC 6989 section 2, RFC
/// 7748 section 6).
class KeyAgreementVectorsTest {
    static List<Primitives> providers() {
        return TestVectors.providers();
    }

    private record Count(int agreed, int refused) {}

    @ParameterizedTest
    @MethodSource("providers")
    void x25519AgreesWithWycheproofAndRefusesZero(Primitives primitives)
            throws InvalidKeyExchangeException {
        int agreed = 0;
        int refused = 0;
        for (TestVectors.Case test : TestVectors.wycheproof("x25519_test.json")) {
            byte[] peer = test.octets("public");
            byte[] shared = test.octets("shared");
            try (KeyAgreement own =
                    X25519KeyAgreement.of(primitives.curve25519(), test.octets("private"))) {
                if (Arrays.equals(shared, new byte[32])) {
                    assertRefused(own, peer, test);
                    refused++;
                } else {
                    assertThat(own.agree(peer).expose()).as(test.name()).isEqualTo(shared);
                    agreed++;
                }
            }
        }
        assertThat(new Count(agreed, refused)).isEqualTo(new Count(487, 31));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void p256AgreesWithWycheproof(Primitives primitives) {
        assertThat(ecp("ecdh_secp256r1_ecpoint_test.json", KeyExchangeMethod.ECP_256, primitives))
                .isEqualTo(new Count(330, 25));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void p384AgreesWithWycheproof(Primitives primitives) {
        assertThat(ecp("ecdh_secp384r1_ecpoint_test.json", KeyExchangeMethod.ECP_384, primitives))
                .isEqualTo(new Count(771, 19));
    }

    private static Count ecp(String file, KeyExchangeMethod method, Primitives primitives) {
        int agreed = 0;
        int refused = 0;
        int length = method.publicLength() / 2;
        NistCurve curve =
                method == KeyExchangeMethod.ECP_256 ? primitives.p256() : primitives.p384();
        for (TestVectors.Case test : TestVectors.wycheproof(file)) {
            byte[] point = test.octets("public");
            // RFC 5903 sends x | y without the octet that names the form; other forms have another
            // length.
            byte[] peer = point.length == 0 ? point : Arrays.copyOfRange(point, 1, point.length);
            byte[] scalar = TestVectors.padded(test.octets("private"), length);
            if (test.text("result").equals("valid")) {
                assertThat(curve.agree(scalar, peer))
                        .as(test.name())
                        .contains(TestVectors.padded(test.octets("shared"), length));
                agreed++;
            } else {
                try (KeyAgreement own = EcpKeyAgreement.of(method, scalar, primitives)) {
                    assertRefused(own, peer, test);
                    refused++;
                }
            }
        }
        return new Count(agreed, refused);
    }

    private static void assertRefused(KeyAgreement own, byte[] peer, TestVectors.Case test) {
        assertThatExceptionOfType(InvalidKeyExchangeException.class)
                .as(test.name())
                .isThrownBy(() -> own.agree(peer));
    }
}
