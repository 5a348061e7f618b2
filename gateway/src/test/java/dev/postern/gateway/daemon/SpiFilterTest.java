package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Random;
import java.util.stream.LongStream;

class SpiFilterTest {
    private final SpiFilter known = new SpiFilter(0x5eed);

    @Test
    void whatIsInUseIsAlwaysKnownAndWhatIsNotIsSeldom() {
        Random random = new Random(3);
        long[] used = random.longs(100_000).toArray();
        for (long spi : used) {
            known.add(spi);
        }

        assertThat(LongStream.of(used).allMatch(known::mayContain)).isTrue();
        long strangers = random.longs(100_000).filter(known::mayContain).count();
        assertThat(strangers).isBetween(1L, 5_000L);
    }

    @Test
    void whatHasEndedIsForgotten() {
        Random random = new Random(4);
        long[] used = random.longs(10_000).toArray();
        for (long spi : used) {
            known.add(spi);
        }
        for (long spi : used) {
            known.remove(spi);
        }

        assertThat(LongStream.of(used).noneMatch(known::mayContain)).isTrue();
    }

    /// What cannot be counted any more must not hide an SPI that is in use.
    @Test
    void aCounterThatIsFullStaysSo() {
        for (int i = 0; i < 300; i++) {
            known.add(7);
        }
        for (int i = 0; i < 299; i++) {
            known.remove(7);
        }

        assertThat(known.mayContain(7)).isTrue();
    }
}
