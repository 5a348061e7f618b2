package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.security.GeneralSecurityException;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// HMAC of RFC 2104 and prf+ of RFC 7296 section 2.13.
class PrfTest {
    private static final byte[] SEED = {11, 12, 13};

    @Test
    void hmacSha256AgreesWithEveryWycheproofCase() {
        int valid = 0;
        int invalid = 0;
        for (TestVectors.Case test : TestVectors.wycheproof("hmac_sha256_test.json")) {
            byte[] key = test.octets("key");
            byte[] message = test.octets("msg");
            byte[] tag = Prf.HMAC_SHA2_256.compute(key, message);
            try (KeyedPrf keyed = Prf.HMAC_SHA2_256.keyed(key)) {
                assertThat(keyed.compute(message)).as(test.name()).isEqualTo(tag);
            }
            byte[] truncated = Arrays.copyOf(tag, test.number("tagSize") / 8);
            boolean equal = Arrays.equals(truncated, test.octets("tag"));
            boolean expected = test.text("result").equals("valid");
            assertThat(equal).as(test.name()).isEqualTo(expected);
            valid += expected ? 1 : 0;
            invalid += expected ? 0 : 1;
        }
        assertThat(valid).isEqualTo(66);
        assertThat(invalid).isEqualTo(108);
    }

    @ParameterizedTest
    @EnumSource(Prf.class)
    void keysOfEveryLengthAroundTheBlockAgreeWithTheMacOfTheJdk(Prf prf)
            throws GeneralSecurityException {
        Entropy entropy = new SeededEntropy(2);
        for (int length = 1; length <= 260; length++) {
            byte[] key = entropy.octets(length);
            byte[] message = entropy.octets(length % 97);
            Mac mac = Mac.getInstance(jcaName(prf));
            mac.init(new SecretKeySpec(key, "key"));
            byte[] expected = mac.doFinal(message);

            assertThat(prf.compute(key, message)).isEqualTo(expected);
            byte[] head = Arrays.copyOf(message, message.length / 2);
            byte[] tail = Arrays.copyOfRange(message, message.length / 2, message.length);
            assertThat(prf.compute(key, head, tail)).isEqualTo(expected);
            try (KeyedPrf keyed = prf.keyed(key)) {
                assertThat(keyed.compute(head, tail)).isEqualTo(expected);
                assertThat(keyed.compute(head, tail)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Prf.class)
    void prfPlusChainsEachRoundToTheOneBefore(Prf prf) {
        byte[] key = new SeededEntropy(3).octets(prf.length());
        byte[] t1 = prf.compute(key, SEED, new byte[] {1});
        byte[] t2 = prf.compute(key, t1, SEED, new byte[] {2});
        byte[] t3 = prf.compute(key, t2, SEED, new byte[] {3});
        byte[] all = concatenated(t1, t2, t3);

        for (int length = 0; length <= all.length; length++) {
            assertThat(prf.plus(key, length, SEED)).isEqualTo(Arrays.copyOf(all, length));
        }
    }

    @Test
    void prfPlusEndsAfterRound255() {
        byte[] key = new byte[32];
        byte[] longest = Prf.HMAC_SHA2_256.plus(key, 255 * 32, SEED);
        byte[] before = Arrays.copyOfRange(longest, 253 * 32, 254 * 32);

        assertThat(Arrays.copyOfRange(longest, 254 * 32, 255 * 32))
                .isEqualTo(Prf.HMAC_SHA2_256.compute(key, before, SEED, new byte[] {(byte) 255}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Prf.HMAC_SHA2_256.plus(key, 255 * 32 + 1, SEED));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Prf.HMAC_SHA2_256.plus(key, -1, SEED));
    }

    @Test
    void aKeyedPrfThatWasClosedRefusesToCompute() {
        KeyedPrf keyed = Prf.HMAC_SHA2_256.keyed(new byte[32]);
        keyed.close();
        keyed.close();

        assertThatIllegalStateException().isThrownBy(() -> keyed.compute(SEED));
        assertThatIllegalStateException().isThrownBy(() -> keyed.plus(32, SEED));
    }

    @Test
    void theFunctionsOfThePublishedVectorsAreNeverNegotiated() {
        assertThat(Prf.of(2)).isEmpty();
        assertThat(Prf.of(-1)).isEmpty();
        assertThat(Prf.of(5)).contains(Prf.HMAC_SHA2_256);
        assertThat(Prf.of(6)).contains(Prf.HMAC_SHA2_384);
        assertThat(Prf.of(7)).contains(Prf.HMAC_SHA2_512);
    }

    private static byte[] concatenated(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static String jcaName(Prf prf) {
        return switch (prf) {
            case HMAC_SHA1 -> "HmacSHA1";
            case HMAC_SHA2_224 -> "HmacSHA224";
            case HMAC_SHA2_256 -> "HmacSHA256";
            case HMAC_SHA2_384 -> "HmacSHA384";
            case HMAC_SHA2_512 -> "HmacSHA512";
        };
    }
}
