package dev.postern.crypto;

import static dev.postern.crypto.TestVectors.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/// What every key exchange method owes its callers, and the examples of RFC 7748 section 6.1 and
/// RFC 5903 section 8.
class KeyAgreementTest {
    static List<Primitives> providers() {
        return TestVectors.providers();
    }

    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void bothSidesAgreeOnASecretOfTheRightLength(KeyExchangeMethod method)
            throws InvalidKeyExchangeException {
        Entropy entropy = new SeededEntropy(10);
        try (KeyAgreement initiator = method.generate(entropy);
                KeyAgreement responder = method.respond(initiator.publicData(), entropy)) {
            SecretBytes ours = initiator.agree(responder.publicData());
            assertThat(ours).isEqualTo(responder.agree(initiator.publicData()));
            assertThat(ours.length()).isEqualTo(secretLength(method));
            assertThat(initiator.publicData()).hasSize(method.publicLength());
            assertThat(responder.publicData()).hasSize(method.responseLength());
            assertThat(initiator.publicData()).isNotEqualTo(responder.publicData());
            assertThat(initiator.method()).isEqualTo(method);
        }
    }

    private static int secretLength(KeyExchangeMethod method) {
        return switch (method) {
            case X25519, ECP_256, ML_KEM_512, ML_KEM_768, ML_KEM_1024 -> 32;
            case ECP_384 -> 48;
            case MODP_2048 -> 256;
        };
    }

    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void aPublicValueOfAnyOtherLengthIsRefused(KeyExchangeMethod method) {
        try (KeyAgreement own = method.generate(new SeededEntropy(11))) {
            byte[] peer = new byte[method.responseLength()];
            for (int length : new int[] {0, 1, peer.length / 2, peer.length - 1, peer.length + 1}) {
                assertThatExceptionOfType(InvalidKeyExchangeException.class)
                        .isThrownBy(() -> own.agree(Arrays.copyOf(peer, length)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void aClosedKeyAgreesOnNothing(KeyExchangeMethod method) throws InvalidKeyExchangeException {
        KeyAgreement own = method.generate(new SeededEntropy(12));
        byte[] peer = method.respond(own.publicData(), new SeededEntropy(13)).publicData();
        own.close();
        own.close();

        assertThatIllegalStateException().isThrownBy(() -> own.agree(peer));
    }

    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void thePublicDataHandedOutIsACopy(KeyExchangeMethod method) {
        try (KeyAgreement own = method.generate(new SeededEntropy(14))) {
            byte[] before = own.publicData();
            Arrays.fill(own.publicData(), (byte) 0);
            assertThat(own.publicData()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void x25519ReproducesTheExampleOfRfc7748(Primitives primitives)
            throws InvalidKeyExchangeException {
        byte[] scalar = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] peer = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        try (KeyAgreement own = X25519KeyAgreement.of(primitives.curve25519(), scalar)) {
            assertThat(own.publicData())
                    .isEqualTo(
                            hex(
                                    "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
            assertThat(own.agree(peer).expose())
                    .isEqualTo(
                            hex(
                                    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void p256ReproducesTheExampleOfRfc5903(Primitives primitives)
            throws InvalidKeyExchangeException {
        reproduces(
                KeyExchangeMethod.ECP_256,
                primitives,
                "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
                "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180"
                        + "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
                "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63"
                        + "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
                "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE");
    }

    @ParameterizedTest
    @MethodSource("providers")
    void p384ReproducesTheExampleOfRfc5903(Primitives primitives)
            throws InvalidKeyExchangeException {
        reproduces(
                KeyExchangeMethod.ECP_384,
                primitives,
                "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655"
                        + "E35B538041E649EE3FAEF896783AB194",
                "667842D7D180AC2CDE6F74F37551F55755C7645C20EF73E31634FE72B4C55EE6"
                        + "DE3AC808ACB4BDB4C88732AEE95F41AA"
                        + "9482ED1FC0EEB9CAFC4984625CCFC23F65032149E0E144ADA024181535A0F38E"
                        + "EB9FCFF3C2C947DAE69B4C634573A81C",
                "E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D"
                        + "0D1AC43A0336DEF96FDA41D0774A3571"
                        + "DCFBEC7AACF3196472169E838430367F66EEBE3C6E70C416DD5F0C68759DD1FF"
                        + "F83FA40142209DFF5EAAD96DB9E6386C",
                "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4"
                        + "D603135569B9E9D09CF5D4A270F59746");
    }

    private static void reproduces(
            KeyExchangeMethod method,
            Primitives primitives,
            String scalar,
            String ownPublic,
            String peer,
            String secret)
            throws InvalidKeyExchangeException {
        try (KeyAgreement own = EcpKeyAgreement.of(method, hex(scalar), primitives)) {
            assertThat(own.publicData()).isEqualTo(hex(ownPublic));
            assertThat(own.agree(hex(peer)).expose()).isEqualTo(hex(secret));
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theFirstAndTheLastScalarsHaveTheirPoints(Primitives primitives) {
        WeierstrassCurve p256 = WeierstrassCurve.P_256;
        byte[] g = primitives.p256().publicPoint(Octets.of(BigInteger.ONE, 32));
        byte[] minusG =
                primitives.p256().publicPoint(Octets.of(p256.n().subtract(BigInteger.ONE), 32));

        assertThat(p256.x(g)).isEqualTo(p256.generatorX()).isEqualTo(p256.x(minusG));
        assertThat(p256.y(g)).isEqualTo(p256.generatorY());
        assertThat(p256.y(minusG)).isEqualTo(p256.negated(p256.generatorY()));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aPointWhoseCoordinateIsNotReducedIsRefused(Primitives primitives) {
        // (0, y) is on P-256, and so would (p, y) be, if nobody looked.
        WeierstrassCurve p256 = WeierstrassCurve.P_256;
        byte[] point = new byte[64];
        Octets.put(p256.yOf(BigInteger.ZERO), point, 32, 32);
        byte[] scalar = new SeededEntropy(15).octets(32);
        assertThat(primitives.p256().agree(scalar, point)).isPresent();

        byte[] p = hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
        System.arraycopy(p, 0, point, 0, 32);
        assertThat(primitives.p256().agree(scalar, point)).isEmpty();
    }

    @Test
    void theZeroPointIsRefused() {
        for (KeyExchangeMethod method : KeyExchangeMethod.values()) {
            if (method.isPostQuantum()) {
                // Its values are no points; a key of zeros is a key like any other.
                continue;
            }
            try (KeyAgreement own = method.generate(new SeededEntropy(16))) {
                assertThatExceptionOfType(InvalidKeyExchangeException.class)
                        .isThrownBy(() -> own.agree(new byte[method.publicLength()]));
            }
        }
    }

    @Test
    void aRefusalNamesTheCheckAndNotTheValue() {
        byte[] peer = new byte[32];
        try (KeyAgreement own = KeyExchangeMethod.X25519.generate(new SeededEntropy(17))) {
            assertThatExceptionOfType(InvalidKeyExchangeException.class)
                    .isThrownBy(() -> own.agree(peer))
                    .withMessage("the X25519 public value has low order");
        }
    }
}
