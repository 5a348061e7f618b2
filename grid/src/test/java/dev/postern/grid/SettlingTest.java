package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

final class SettlingTest {
    private static long inAMinute() {
        return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    }

    @Test
    void whatIsGoodAndWhatWillNotChangeIsSaidAtOnce() {
        assertThat(Settling.await(() -> true, () -> false)).isCompletedWithValue(true);
        assertThat(Settling.await(() -> false, () -> false)).isCompletedWithValue(false);
    }

    @Test
    void whatIsBeingFoundOutIsWaitedFor() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CompletableFuture<Boolean> found =
                Settling.await(() -> looks.incrementAndGet() > 3, () -> true, inAMinute());
        assertThat(found.get(1, TimeUnit.MINUTES)).isTrue();
        assertThat(looks).hasValue(4);
    }

    @Test
    void nobodyWaitsForEver() throws Exception {
        assertThat(Settling.await(() -> false, () -> true).get(1, TimeUnit.MINUTES)).isFalse();
    }

    @Test
    void theWaitEndsWhereNothingIsAboutToChangeAnyMore() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CompletableFuture<Boolean> found =
                Settling.await(() -> false, () -> looks.incrementAndGet() < 3, inAMinute());
        assertThat(found.get(1, TimeUnit.MINUTES)).isFalse();
        assertThat(looks).hasValue(3);
    }
}
