package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/// RFC 4303 section 3.4.3 and appendix A, with the blocks of RFC 6479.
class ReplayWindowTest {
    @ParameterizedTest(name = "window {0}, marked {1}: {2} is new: {3}")
    @CsvSource({
        "64,   0,    0,    false", // no sequence number is below 1
        "64,   0,    1,    true",
        "64,   0,    64,   true",
        "64,   1,    1,    false",
        "64,   2,    1,    true", // not yet seen, left of the right edge
        "64,   64,   1,    true", // the left edge
        "64,   65,   1,    false", // just left of it
        "64,   65,   2,    true",
        "64,   127,  63,   false", // across a block boundary
        "64,   127,  64,   true",
        "64,   128,  64,   false",
        "64,   128,  65,   true",
        "4096, 4096, 1,    true",
        "4096, 4097, 1,    false",
        "4096, 4097, 2,    true",
        "4096, 8191, 4095, false",
        "4096, 8191, 4096, true",
        "100,  200,  100,  false", // a size that fills no block
        "100,  200,  101,  true",
        "64,   4294967296, 4294967232, false",
        "64,   4294967296, 4294967233, true",
        "64,   4294967295, 4294967296, true",
        "64,   9223372036854775807, 9223372036854775807, false",
    })
    void theWindowsEdges(int size, long marked, long sequence, boolean isNew) {
        ReplayWindow window = new ReplayWindow(size);
        if (marked > 0) {
            window.mark(marked);
        }
        assertThat(window.accepts(sequence)).isEqualTo(isNew);
    }

    @ParameterizedTest(name = "highest {0}, window 64: {1} on the wire means {2}")
    @CsvSource({
        "0,          1,          1",
        "0,          4294967233, -63", // before the first cycle: refused
        "63,         1,          1",
        "100,        200,        200",
        "100,        37,         37", // bottom of the window
        "100,        36,         4294967332", // left of it: the next cycle
        "4294967295, 4294967295, 4294967295",
        "4294967295, 0,          4294967296", // the wrap
        "4294967295, 5,          4294967301",
        "4294967300, 4294967295, 4294967295", // late, from before the wrap
        "4294967300, 6,          4294967302",
        "8589934592, 4294967295, 8589934591",
        "8589934592, 1,          8589934593",
    })
    void theUpperHalfIsInferredFromTheWindow(long top, long wire, long sequence) {
        ReplayWindow window = new ReplayWindow(64);
        if (top > 0) {
            window.mark(top);
        }
        assertThat(window.infer((int) wire)).isEqualTo(sequence);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 100, 128, 4096})
    void itAgreesWithASetOverRandomJumps(int size) {
        Random random = new Random(size);
        ReplayWindow window = new ReplayWindow(size);
        Set<Long> seen = new HashSet<>();
        long top = 0;
        for (int i = 0; i < 200_000; i++) {
            long jump = random.nextInt(100) == 0 ? random.nextInt(4 * size) : 2;
            long sequence = top + jump - random.nextInt(2 * size);
            boolean expected = sequence > 0 && sequence > top - size && !seen.contains(sequence);
            assertThat(window.accepts(sequence))
                    .as("%d after %d", sequence, top)
                    .isEqualTo(expected);
            if (expected) {
                window.mark(sequence);
                seen.add(sequence);
                top = Math.max(top, sequence);
            }
        }
        assertThat(window.top()).isEqualTo(top);
    }

    @Test
    void aJumpBeyondTheWholeRingForgetsEverything() {
        ReplayWindow window = new ReplayWindow(64);
        for (long sequence = 1; sequence <= 300; sequence++) {
            window.mark(sequence);
        }
        window.mark(1_000_000);
        for (long sequence = 999_937; sequence < 1_000_000; sequence++) {
            assertThat(window.accepts(sequence)).isTrue();
        }
        assertThat(window.accepts(999_936)).isFalse();
    }
}
