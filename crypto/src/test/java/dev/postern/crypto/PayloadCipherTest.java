package dev.postern.crypto;

import static dev.postern.crypto.TestVectors.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// SK payloads under every combination that can be negotiated: RFC 7296 section 3.14 and RFC 5282.
class PayloadCipherTest {
    private static final int BEFORE = 5;
    private static final int AAD = 32;
    private static final int BEHIND = 7;

    /// What an IKE SA negotiates, and the provider that runs it.
    record Suite(EncryptionAlgorithm encryption, IntegrityAlgorithm integrity, Primitives from) {
        PayloadCipher cipher(int seed) {
            Entropy entropy = new SeededEntropy(seed);
            byte[] key = entropy.octets(encryption.keyMaterialLength());
            return encryption.isAead()
                    ? new AeadPayloadCipher(encryption, key, from.aead())
                    : PayloadCipher.of(
                            encryption, integrity, key, entropy.octets(integrity.keyLength()));
        }

        @Override
        public String toString() {
            return encryption + " " + integrity + " " + from.name();
        }
    }

    static List<Suite> suites() {
        List<Suite> suites = new ArrayList<>();
        for (EncryptionAlgorithm encryption : EncryptionAlgorithm.values()) {
            for (IntegrityAlgorithm integrity : IntegrityAlgorithm.values()) {
                if (encryption.isAead() != (integrity == IntegrityAlgorithm.NONE)) {
                    continue;
                }
                for (Primitives primitives : TestVectors.providers()) {
                    suites.add(new Suite(encryption, integrity, primitives));
                }
            }
        }
        return suites;
    }

    @Test
    void everySuiteIsCovered() {
        assertThat(suites()).hasSize(2 * (3 + 2 * 3));
    }

    @ParameterizedTest
    @MethodSource("suites")
    void whatIsSealedOpensToTheSameTextAndTouchesNothingElse(Suite suite) {
        for (int length : new int[] {0, 16, 32, 48, 400, 1024}) {
            try (PayloadCipher sealer = suite.cipher(1);
                    PayloadCipher opener = suite.cipher(1)) {
                byte[] plain = message(sealer, length);
                byte[] octets = plain.clone();
                sealer.seal(octets, BEFORE, AAD, length);
                int text = BEFORE + AAD + sealer.ivLength();
                assertOnlyChanged(plain, octets, text, text + length + sealer.icvLength());

                assertThat(opener.open(octets, BEFORE, AAD, length)).isTrue();
                assertOnlyChanged(plain, octets, text + length, text + length + sealer.icvLength());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void everyFlippedBitIsRefused(Suite suite) {
        int length = 48;
        try (PayloadCipher cipher = suite.cipher(2)) {
            byte[] sealed = message(cipher, length);
            byte[] plain = sealed.clone();
            cipher.seal(sealed, BEFORE, AAD, length);
            int text = BEFORE + AAD + cipher.ivLength();
            int end = text + length + cipher.icvLength();
            for (int bit = BEFORE * 8; bit < end * 8; bit++) {
                byte[] forged = sealed.clone();
                forged[bit / 8] ^= (byte) (1 << bit % 8);
                byte[] before = forged.clone();
                assertThat(cipher.open(forged, BEFORE, AAD, length)).as("bit %d", bit).isFalse();
                assertThat(readable(forged, before, plain, text, length)).isFalse();
            }
        }
    }

    /// Whether the text behind a refusal is anything but untouched or wiped.
    private static boolean readable(
            byte[] octets, byte[] before, byte[] plain, int text, int length) {
        byte[] left = Arrays.copyOfRange(octets, text, text + length);
        boolean untouched = Arrays.equals(left, Arrays.copyOfRange(before, text, text + length));
        boolean wiped = Arrays.equals(left, new byte[length]);
        boolean decrypted = Arrays.equals(left, Arrays.copyOfRange(plain, text, text + length));
        return decrypted || !(untouched || wiped);
    }

    @ParameterizedTest
    @MethodSource("suites")
    void anotherKeyOpensNothing(Suite suite) {
        try (PayloadCipher sealer = suite.cipher(3);
                PayloadCipher stranger = suite.cipher(4)) {
            byte[] octets = message(sealer, 64);
            sealer.seal(octets, BEFORE, AAD, 64);

            assertThat(stranger.open(octets, BEFORE, AAD, 64)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("suites")
    void aTextThatDoesNotFitItsArrayIsTheCallersFault(Suite suite) {
        try (PayloadCipher cipher = suite.cipher(5)) {
            byte[] octets = new byte[AAD + cipher.ivLength() + 64 + cipher.icvLength() - 1];
            assertThat(thrownBy(() -> cipher.seal(octets, 0, AAD, 64)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(thrownBy(() -> cipher.open(octets, 0, AAD, 64)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(thrownBy(() -> cipher.open(octets, -1, AAD, 16)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(thrownBy(() -> cipher.open(octets, 0, AAD, -16)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Throwable thrownBy(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException thrown) {
            return thrown;
        }
        throw new AssertionError("nothing was thrown");
    }

    @ParameterizedTest
    @MethodSource("suites")
    void aClosedCipherRefusesToWork(Suite suite) {
        PayloadCipher cipher = suite.cipher(6);
        byte[] octets = message(cipher, 64);
        cipher.close();
        cipher.close();

        assertThatIllegalStateException().isThrownBy(() -> cipher.seal(octets, BEFORE, AAD, 64));
        assertThatIllegalStateException().isThrownBy(() -> cipher.open(octets, BEFORE, AAD, 64));
    }

    @Test
    void keysOfAnotherLengthAreRefused() {
        byte[] key = new byte[35];
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        PayloadCipher.of(
                                EncryptionAlgorithm.AES_GCM_16_256,
                                IntegrityAlgorithm.NONE,
                                key,
                                new byte[0]));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        PayloadCipher.of(
                                EncryptionAlgorithm.AES_CBC_256,
                                IntegrityAlgorithm.NONE,
                                new byte[32],
                                new byte[0]));
    }

    @ParameterizedTest
    @MethodSource("dev.postern.crypto.TestVectors#providers")
    void theMessageOfRfc7634AppendixBIsReproduced(Primitives primitives) {
        byte[] key =
                hex(
                        "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
                                + "a0a1a2a3");
        String aad = "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029";
        String iv = "1011121314151617";
        byte[] octets = hex(aad + iv + "0000000c000040010000000a00" + "00".repeat(16));
        try (PayloadCipher cipher =
                new AeadPayloadCipher(
                        EncryptionAlgorithm.CHACHA20_POLY1305, key, primitives.aead())) {
            cipher.seal(octets, 0, 32, 13);
        }

        assertThat(octets)
                .isEqualTo(
                        hex(
                                aad
                                        + iv
                                        + "610394701f8d017f7c12924889"
                                        + "6b71bfe25236efd7cdc67066906315b2"));
    }

    private static byte[] message(PayloadCipher cipher, int length) {
        int total = BEFORE + AAD + cipher.ivLength() + length + cipher.icvLength() + BEHIND;
        return new SeededEntropy(length).octets(total);
    }

    private static void assertOnlyChanged(byte[] before, byte[] after, int from, int to) {
        assertThat(Arrays.copyOf(after, from)).isEqualTo(Arrays.copyOf(before, from));
        assertThat(Arrays.copyOfRange(after, to, after.length))
                .isEqualTo(Arrays.copyOfRange(before, to, before.length));
    }
}
