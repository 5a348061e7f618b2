package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/// A run can be repeated octet by octet: keys depend on the entropy alone, not on the provider, the
/// time or the thread.
class EntropyDeterminismTest {
    @ParameterizedTest
    @EnumSource(KeyExchangeMethod.class)
    void theSameEntropyGivesTheSameKey(KeyExchangeMethod method) {
        assertThat(method.generate(new SeededEntropy(30)).publicData())
                .isEqualTo(method.generate(new SeededEntropy(30)).publicData());
        assertThat(method.generate(new SeededEntropy(30)).publicData())
                .isNotEqualTo(method.generate(new SeededEntropy(31)).publicData());
    }

    @Test
    void bothProvidersMakeTheSameKeysOfTheSameEntropy() {
        Primitives ours = Primitives.libCrypto().orElseThrow();
        Primitives theirs = Primitives.jdk();
        for (int seed = 0; seed < 8; seed++) {
            assertThat(x25519(seed, ours)).isEqualTo(x25519(seed, theirs));
            assertThat(modp(seed, ours)).isEqualTo(modp(seed, theirs));
            for (KeyExchangeMethod method :
                    List.of(KeyExchangeMethod.ECP_256, KeyExchangeMethod.ECP_384)) {
                assertThat(ecp(method, seed, ours)).isEqualTo(ecp(method, seed, theirs));
            }
        }
    }

    private static byte[] x25519(int seed, Primitives primitives) {
        byte[] scalar = new SeededEntropy(seed).octets(32);
        return X25519KeyAgreement.of(primitives.curve25519(), scalar).publicData();
    }

    private static byte[] modp(int seed, Primitives primitives) {
        return ModpKeyAgreement.generate(new SeededEntropy(seed), primitives).publicData();
    }

    private static byte[] ecp(KeyExchangeMethod method, int seed, Primitives primitives) {
        return EcpKeyAgreement.generate(method, new SeededEntropy(seed), primitives).publicData();
    }

    @Test
    void aScalarOutsideTheGroupOrderIsDrawnAgain() {
        byte[] order = Octets.of(WeierstrassCurve.P_256.n(), 32);
        byte[] one = Octets.of(BigInteger.ONE, 32);
        Iterator<byte[]> draws = List.of(new byte[32], order, one).iterator();
        Entropy entropy = octets -> System.arraycopy(draws.next(), 0, octets, 0, octets.length);

        byte[] point = KeyExchangeMethod.ECP_256.generate(entropy).publicData();

        assertThat(WeierstrassCurve.P_256.x(point)).isEqualTo(WeierstrassCurve.P_256.generatorX());
        assertThat(draws.hasNext()).isFalse();
    }

    @Test
    void anEntropyThatRepeatsAnUnusableScalarIsAFaultAndNotAnEndlessLoop() {
        Entropy broken = octets -> Arrays.fill(octets, (byte) 0xff);

        assertThatIllegalStateException()
                .isThrownBy(() -> KeyExchangeMethod.ECP_384.generate(broken));
    }
}
