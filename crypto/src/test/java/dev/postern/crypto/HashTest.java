package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/// FIPS 180-4.
class HashTest {
    private static final byte[] A = "a".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BC = "bc".getBytes(StandardCharsets.US_ASCII);

    @Test
    void theDigestsOfAbcAreThePublishedOnes() {
        assertThat(Hash.SHA_1.digest(A, BC))
                .isEqualTo(TestVectors.hex("a9993e364706816aba3e25717850c26c9cd0d89d"));
        assertThat(Hash.SHA_256.digest(A, BC))
                .isEqualTo(
                        TestVectors.hex(
                                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assertThat(Hash.SHA_384.digest(A, BC))
                .isEqualTo(
                        TestVectors.hex(
                                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                                        + "8086072ba1e7cc2358baeca134c825a7"));
    }

    @Test
    void oneDigestLeavesNothingBehindForTheNext() {
        byte[] first = Hash.SHA_256.digest(A);

        assertThat(Hash.SHA_256.digest(BC)).isNotEqualTo(first);
        assertThat(Hash.SHA_256.digest(A)).isEqualTo(first);
    }

    @Test
    void everyDigestHasTheLengthThatItsHashNames() {
        for (Hash hash : Hash.values()) {
            assertThat(hash.digest()).hasSize(hash.length());
        }
    }
}
