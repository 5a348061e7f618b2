package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

class AesGcmTest {
    private static final byte[] KEY = new SeededEntropy(50).octets(32);
    private static final byte[] NONCE = new SeededEntropy(51).octets(12);
    private static final byte[] AAD = {1, 2, 3};

    @Test
    void whatIsSealedOpens() {
        for (int length : new int[] {0, 1, 15, 16, 17, 400, 600}) {
            byte[] plaintext = new SeededEntropy(length).octets(length);
            byte[] sealed = AesGcm.seal(KEY, NONCE, AAD, plaintext);

            assertThat(sealed).hasSize(length + AesGcm.TAG_LENGTH);
            assertThat(AesGcm.open(KEY, NONCE, AAD, sealed)).contains(plaintext);
        }
    }

    @Test
    void sealingAndOpeningLeaveTheirInputsAlone() {
        byte[] plaintext = new SeededEntropy(52).octets(40);
        byte[] before = plaintext.clone();
        byte[] sealed = AesGcm.seal(KEY, NONCE, AAD, plaintext);
        byte[] sealedBefore = sealed.clone();
        assertThat(AesGcm.open(KEY, NONCE, AAD, sealed)).isPresent();

        assertThat(plaintext).isEqualTo(before);
        assertThat(sealed).isEqualTo(sealedBefore);
    }

    @Test
    void everyFlippedBitOfEveryInputIsRefused() {
        byte[] sealed = AesGcm.seal(KEY, NONCE, AAD, new SeededEntropy(53).octets(40));
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            assertThat(AesGcm.open(KEY, NONCE, AAD, flipped(sealed, bit))).isEmpty();
        }
        for (int bit = 0; bit < AAD.length * 8; bit++) {
            assertThat(AesGcm.open(KEY, NONCE, flipped(AAD, bit), sealed)).isEmpty();
        }
        for (int bit = 0; bit < NONCE.length * 8; bit++) {
            assertThat(AesGcm.open(KEY, flipped(NONCE, bit), AAD, sealed)).isEmpty();
        }
        for (int bit = 0; bit < KEY.length * 8; bit++) {
            assertThat(AesGcm.open(flipped(KEY, bit), NONCE, AAD, sealed)).isEmpty();
        }
    }

    private static byte[] flipped(byte[] octets, int bit) {
        byte[] flipped = octets.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    @Test
    void everyPrefixIsRefused() {
        byte[] sealed = AesGcm.seal(KEY, NONCE, AAD, new byte[20]);
        for (int length = 0; length < sealed.length; length++) {
            assertThat(AesGcm.open(KEY, NONCE, AAD, Arrays.copyOf(sealed, length))).isEmpty();
        }
    }

    @Test
    void otherLengthsOfKeyAndNonceAreTheCallersFault() {
        byte[] sealed = new byte[40];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AesGcm.seal(new byte[16], NONCE, AAD, sealed));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AesGcm.open(KEY, new byte[8], AAD, sealed));
    }
}
