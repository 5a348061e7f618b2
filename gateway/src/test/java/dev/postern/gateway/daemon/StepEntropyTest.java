package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the steps of an endpoint draw from the kernel's source.
class StepEntropyTest {
    private final List<Integer> asked = new ArrayList<>();
    private int next;

    /// Counts through all octets, and notes how many were wanted.
    private final Entropy source =
            octets -> {
                asked.add(octets.length);
                for (int i = 0; i < octets.length; i++) {
                    octets[i] = (byte) ++next;
                }
            };

    private final StepEntropy entropy = new StepEntropy(source);

    /// Threat 17: a process that is restored from a snapshot between two steps draws what its
    /// kernel gives then.
    @Test
    void threat17NothingIsKeptForTheNextStep() {
        entropy.begin();
        assertThat(entropy.octets(2)).containsExactly(1, 2);
        entropy.begin();
        assertThat(entropy.octets(2))
                .containsExactly((byte) (StepEntropy.STOCK + 1), (byte) (StepEntropy.STOCK + 2));
        assertThat(asked).containsExactly(StepEntropy.STOCK, StepEntropy.STOCK);
    }

    /// Threat 17: however the draws of a step fall, no octet of the source serves twice.
    @Test
    void threat17NoOctetIsGivenTwice() {
        StepEntropy drawn = new StepEntropy(numbers());
        Set<Octets> seen = new HashSet<>();
        for (int step = 0; step < 200; step++) {
            drawn.begin();
            for (int draw = 0; draw <= step % 9; draw++) {
                byte[] octets = drawn.octets(4 * (1 + (step * 7 + draw * 5) % 30));
                for (int at = 0; at < octets.length; at += 4) {
                    assertThat(seen.add(Octets.of(octets).slice(at, at + 4))).isTrue();
                }
            }
        }
    }

    @Test
    void theDrawsOfAResumeAreOneDrawFromTheSource() {
        entropy.begin();
        for (int length : new int[] {8, 4, 32, 8, 8, 16, 8}) {
            entropy.octets(length);
        }
        assertThat(asked).containsExactly(StepEntropy.STOCK);
    }

    @Test
    void moreThanTheStockComesFromTheSourceItself() {
        entropy.begin();
        assertThat(entropy.octets(StepEntropy.STOCK + 1)).startsWith(1, 2, 3);
        assertThat(asked).containsExactly(StepEntropy.STOCK + 1);
    }

    /// Numbers of four octets, each once.
    private static Entropy numbers() {
        int[] count = {0};
        return octets -> {
            for (int at = 0; at < octets.length; at++) {
                if (at % 4 == 0) {
                    count[0]++;
                }
                octets[at] = (byte) (count[0] >>> (8 * (at % 4)));
            }
        };
    }
}
