package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Now;

import org.junit.jupiter.api.Test;

/// So many of each in a second.
class RationsTest {
    private static final long SECOND = Now.NANOS_PER_SECOND;

    private final Rations rations = new Rations(3, 8);

    private int takenOfTen(long key, long nanos) {
        int taken = 0;
        for (int i = 0; i < 10; i++) {
            taken += rations.take(key, nanos) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void eachHasItsOwnInEachSecond() {
        assertThat(takenOfTen(1, 0)).isEqualTo(8);
        assertThat(takenOfTen(2, 0)).isEqualTo(8);
        assertThat(takenOfTen(1, SECOND - 1)).isZero();
        assertThat(takenOfTen(1, SECOND)).isEqualTo(8);
    }

    /// The machine's clock has no zero that means anything.
    @Test
    void aClockBelowZeroIsAsGood() {
        assertThat(takenOfTen(1, -5 * SECOND)).isEqualTo(8);
        assertThat(takenOfTen(1, -5 * SECOND + 1)).isZero();
        assertThat(takenOfTen(1, -4 * SECOND)).isEqualTo(8);
    }
}
