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
                () -> 0);
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

    /// A note of who has an address waits for a silent member until it is missed.
    @Test
    void theMomentBeginsWithTheFirstAnswer() throws Exception {
        CompletableFuture<Integer> second =
                Settling.ask(
                        () -> CompletableFuture.completedFuture(asked.incrementAndGet()),
                        answer -> answer < 2,
                        () -> true,
                        () -> asked.get() * Duration.ofSeconds(2).toNanos());
        assertThat(second.get(1, TimeUnit.MINUTES)).isEqualTo(2);
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
