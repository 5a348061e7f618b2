package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Who keeps a state by events misses none unawares.
final class EventStreamTest {
    /// Takes its first event and no other until it may.
    private static final class Slow implements Flow.Subscriber<Integer> {
        final List<Integer> events = new CopyOnWriteArrayList<>();
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch may = new CountDownLatch(1);
        final CountDownLatch failed = new CountDownLatch(1);

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer event) {
            events.add(event);
            begun.countDown();
            try {
                assertThat(may.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onError(Throwable failure) {
            errors.add(failure);
            failed.countDown();
        }

        @Override
        public void onComplete() {}
    }

    @Test
    void whoLagsBehindGetsAnErrorInsteadOfAGap() throws InterruptedException {
        EventStream<Integer> stream = new EventStream<>("events");
        Slow slow = new Slow();
        List<Integer> listener = new CopyOnWriteArrayList<>();
        stream.publisher().subscribe(slow);
        stream.tell(0);
        assertThat(slow.begun.await(1, TimeUnit.MINUTES)).isTrue();
        for (int event = 1; event < 3 * EventStream.BUFFER; event++) {
            stream.tell(event);
        }
        slow.may.countDown();
        assertThat(slow.failed.await(1, TimeUnit.MINUTES)).isTrue();
        stream.listen(listener::add);
        stream.tell(-1);
        stream.close();

        assertThat(slow.errors).hasSize(1);
        assertThat(slow.errors.getFirst()).hasMessageContaining("events behind");
        assertThat(slow.events)
                .containsExactlyElementsOf(IntStream.range(0, slow.events.size()).boxed().toList())
                .doesNotContain(-1);
        assertThat(listener).containsExactly(-1);
    }
}
