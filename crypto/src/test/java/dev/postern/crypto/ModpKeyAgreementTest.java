package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/// RFC 3526 section 3, RFC 6989 section 2.1 and RFC 7296 section 2.14.
class ModpKeyAgreementTest {
    private static final BigInteger P = ModpKeyAgreement.MODULUS;

    static List<Primitives> providers() {
        return TestVectors.providers();
    }

    @Test
    void theModulusIsTheSafePrimeOfItsFormula() {
        BigInteger two = BigInteger.TWO;
        // 2^2048 - 2^1984 - 1 + 2^64 * ([2^1918 pi] + 124476) has these upper and lower words.
        assertThat(P.shiftRight(1984)).isEqualTo(two.pow(64).subtract(BigInteger.ONE));
        assertThat(P.mod(two.pow(64))).isEqualTo(two.pow(64).subtract(BigInteger.ONE));
        BigInteger middle = P.subtract(two.pow(2048)).add(two.pow(1984)).add(BigInteger.ONE);
        BigInteger pi = middle.shiftRight(64).subtract(BigInteger.valueOf(124476));
        assertThat(pi.shiftRight(1918 - 50).longValueExact())
                .isEqualTo((long) (Math.PI * (1L << 50)));
        assertThat(P.isProbablePrime(64)).isTrue();
        assertThat(P.shiftRight(1).isProbablePrime(64)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void valuesFromTwoToTheModulusMinusTwoAreAccepted(Primitives primitives)
            throws InvalidKeyExchangeException {
        for (BigInteger value : List.of(BigInteger.TWO, P.subtract(BigInteger.TWO))) {
            try (KeyAgreement own = ModpKeyAgreement.generate(new SeededEntropy(20), primitives)) {
                assertThat(own.agree(Octets.of(value, 256)).length()).isEqualTo(256);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void trivialAndUnreducedValuesAreRefused(Primitives primitives) {
        BigInteger one = BigInteger.ONE;
        BigInteger largest = BigInteger.TWO.pow(2048).subtract(one);
        try (KeyAgreement own = ModpKeyAgreement.generate(new SeededEntropy(21), primitives)) {
            for (BigInteger value :
                    List.of(BigInteger.ZERO, one, P.subtract(one), P, P.add(one), largest)) {
                assertThatExceptionOfType(InvalidKeyExchangeException.class)
                        .isThrownBy(() -> own.agree(Octets.of(value, 256)));
            }
            byte[] tooLong = new byte[257];
            tooLong[256] = 2;
            assertThatExceptionOfType(InvalidKeyExchangeException.class)
                    .isThrownBy(() -> own.agree(tooLong));
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theResultIsThePowerPaddedToTheModulus(Primitives primitives) {
        // 2^8 mod p = 256: all but the last two octets are padding.
        byte[] power = primitives.modularPower().power(new byte[] {2}, new byte[] {8});
        byte[] expected = new byte[256];
        expected[254] = 1;
        assertThat(power).isEqualTo(expected);

        byte[] exponent = new SeededEntropy(22).octets(32);
        byte[] base = new SeededEntropy(23).octets(255);
        assertThat(new BigInteger(1, primitives.modularPower().power(base, exponent)))
                .isEqualTo(new BigInteger(1, base).modPow(new BigInteger(1, exponent), P));
    }

    @Test
    void theExponentIsNeverShort() {
        Entropy zeros = octets -> Arrays.fill(octets, (byte) 0);
        try (KeyAgreement own = ModpKeyAgreement.generate(zeros, Primitives.jdk())) {
            // 2^(2^255): an exponent whose 255 low bits are zero still has its top bit.
            assertThat(new BigInteger(1, own.publicData()))
                    .isEqualTo(BigInteger.TWO.modPow(BigInteger.TWO.pow(255), P));
        }
    }
}
