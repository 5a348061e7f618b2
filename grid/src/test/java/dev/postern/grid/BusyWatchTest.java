package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.ClusterEvent.ViewChanged;
import dev.postern.cluster.Ownership.Outcome;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The engine changes its view, and completes what was being written, on threads of its own; a
/// member's own thread, on which it makes up its mind, may be held up meanwhile, by a slow disk.
class BusyWatchTest {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /// From when it is alone, and knows that it is primary.
    private void holdUp(ClusterEvent event) {
        if (event instanceof ViewChanged changed
                && changed.primary()
                && changed.view().members().size() == 1) {
            held.countDown();
            try {
                released.await();
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Outcome asked(Grid grid) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        grid.ownership().acquire("thing", outcome::complete);
        return outcome.join();
    }

    @Test
    void whoHasNotLookedAtTheNewViewYetOwnsNothingInIt() throws InterruptedException {
        try (Pair pair = new Pair(0, this::holdUp)) {
            try {
                pair.stopA();
                assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();
                assertThat(pair.b.isPrimary()).isTrue();
                pair.startA();
                await().atMost(Pair.PATIENCE).until(() -> pair.b.view().members().size() == 2);
                assertThat(pair.b.isPrimary()).as("nobody has said so of this view").isFalse();
                assertThat(asked(pair.b)).isEqualTo(new Outcome.Unavailable());
            } finally {
                released.countDown();
            }
            pair.awaitReady();
            await().atMost(Pair.PATIENCE).until(() -> asked(pair.b) instanceof Outcome.Owned);
        }
    }
}
