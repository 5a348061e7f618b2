package dev.postern.api;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Delivers events in order on one thread of its own. Whoever makes them is never kept: a
/// subscriber that lags behind by [#BUFFER] events gets an error, and no more events.
final class EventStream<E> {
    static final int BUFFER = 1_024;
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final long PATIENCE_SECONDS = 5;

    private final ExecutorService executor;
    private final SubmissionPublisher<E> publisher;
    private volatile @Nullable Thread thread;

    EventStream(String name) {
        this.executor =
                Executors.newSingleThreadExecutor(task -> {
                    Thread made = Thread.ofPlatform().daemon().name(name).unstarted(task);
                    thread = made;
                    return made;
                });
        this.publisher = new SubmissionPublisher<>(executor, BUFFER);
    }

    Flow.Publisher<E> publisher() {
        return subscriber -> publisher.subscribe(new Bounded<>(subscriber, executor));
    }

    /// A subscriber that takes everything; what it throws is logged and ends nothing.
    void listen(Consumer<? super E> listener) {
        publisher().subscribe(new Listener<>(listener));
    }

    void tell(E event) {
        publisher.offer(
                event,
                (subscriber, lost) -> {
                    if (subscriber instanceof Bounded<?> bounded) {
                        bounded.lagsBehind(lost);
                    }
                    return false;
                });
    }

    /// To be called by methods that wait for listeners, which a listener must not call.
    ///
    /// @throws IllegalStateException on the thread that delivers
    void refuseOwnThread(String method) {
        if (Thread.currentThread().equals(thread)) {
            throw new IllegalStateException(
                    method
                            + " waits for events to be delivered and was called by the thread that"
                            + " delivers them; call it from another one");
        }
    }

    /// What has been told is delivered; then there is no more.
    void close() {
        publisher.close();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a subscriber of events does not return; its thread is left alone");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// A subscriber that gets every event up to the one for which there was no room, then an error
    /// and nothing more: whoever keeps a state by events must not miss one unawares.
    private static final class Bounded<E> implements Flow.Subscriber<E> {
        private final Flow.Subscriber<? super E> subscriber;
        private final Executor executor;
        private final AtomicBoolean lagging = new AtomicBoolean();
        private volatile Flow.@Nullable Subscription subscription;

        Bounded(Flow.Subscriber<? super E> subscriber, Executor executor) {
            this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
            this.executor = executor;
        }

        void lagsBehind(Object lost) {
            Flow.Subscription flow = subscription;
            if (lagging.compareAndSet(false, true)) {
                if (flow != null) {
                    flow.cancel();
                }
                executor.execute(() ->
                        subscriber.onError(
                                new IllegalStateException(
                                        "this subscriber is "
                                                + BUFFER
                                                + " events behind, the next is "
                                                + lost)));
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription flow) {
            subscription = flow;
            subscriber.onSubscribe(flow);
        }

        @Override
        public void onNext(E event) {
            if (!lagging.get()) {
                subscriber.onNext(event);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!lagging.get()) {
                subscriber.onError(failure);
            }
        }

        @Override
        public void onComplete() {
            if (!lagging.get()) {
                subscriber.onComplete();
            }
        }
    }

    private record Listener<E>(Consumer<? super E> listener) implements Flow.Subscriber<E> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(E event) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.error("a listener has failed at {}", event, e);
            }
        }

        @Override
        public void onError(Throwable failure) {
            LOG.error("a listener gets no more events: {}", failure.getMessage());
        }

        @Override
        public void onComplete() {}
    }
}
