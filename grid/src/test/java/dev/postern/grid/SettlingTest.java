package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

final class SettlingTest {
    private final AtomicInteger asked = new AtomicInteger();

    /// The number of the question; the first ones are no answer.
    private CompletableFuture<Integer> ask(int good, BooleanSupplier passing) {
        return Settling.ask(
                () -> CompletableFuture.completedFuture(asked.incrementAndGet()),
                answer -> answer < good,
                passing,
                System.nanoTime() + Duration.ofMinutes(1).toNanos());
    }

    @Test
    void whatIsKnownAndWhatWillNotChangeIsSaidAtOnce() {
        assertThat(ask(1, () -> true)).isCompletedWithValue(1);
        assertThat(ask(9, () -> false)).isCompletedWithValue(2);
    }

    @Test
    void whatIsBeingFoundOutIsAskedAgain() throws Exception {
        assertThat(ask(4, () -> true).get(1, TimeUnit.MINUTES)).isEqualTo(4);
        assertThat(asked).hasValue(4);
    }

    @Test
    void nobodyAsksForEver() throws Exception {
        CompletableFuture<Integer> none =
                Settling.ask(() -> CompletableFuture.completedFuture(0), _ -> true, () -> true);
        assertThat(none.get(1, TimeUnit.MINUTES)).isZero();
    }

    @Test
    void nobodyAsksAgainOnceNothingIsAboutToChange() throws Exception {
        CompletableFuture<Integer> last = ask(9, () -> asked.get() < 3);
        assertThat(last.get(1, TimeUnit.MINUTES)).isEqualTo(3);
    }
}
