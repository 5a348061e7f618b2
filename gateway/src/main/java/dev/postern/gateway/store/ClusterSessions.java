package dev.postern.gateway.store;

import dev.postern.grid.SharedSessions;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ticket.store.SessionReference;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Sessions by reference that the cluster keeps. A thread takes the questions that wait together,
/// writes a record once that was to be written twice, and has thousands of them on their way at
/// once; each answer comes when every copy has what it says. The cluster's own trouble is answered
/// with [Answer.StoreUnavailable].
public final class ClusterSessions implements SessionKeeper {
    private static final int QUEUE_CAPACITY = 8_192;
    private static final int ON_THEIR_WAY = 8_192;
    private static final int BATCH = 512;
    private static final long IDLE_MILLIS = 200;
    private static final long CLOSE_PATIENCE_MILLIS = 5_000;

    /// A cluster that is about to agree on who is left is asked again, for as long as anybody waits
    /// for an answer.
    private static final int TRIES = 10;

    private static final Executor LATER =
            CompletableFuture.delayedExecutor(
                    100, TimeUnit.MILLISECONDS, task -> Thread.ofVirtual().start(task));

    private record Question(Ask.OfStore ask, Consumer<Answer> answer) {}

    private final SharedSessions shared;
    private final @Nullable SessionCopies copies;
    private final int maximum;
    private final InstantSource clock;
    private final BlockingQueue<Question> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final AtomicInteger onTheirWay = new AtomicInteger();
    private final Thread thread;
    private volatile boolean running = true;

    /// @param copies what keeps them over a restart; null for nothing
    /// @param maximum records that are kept at most
    public ClusterSessions(
            SharedSessions shared,
            @Nullable SessionCopies copies,
            int maximum,
            InstantSource clock) {
        this.shared = shared;
        this.copies = copies;
        this.maximum = maximum;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("cluster-sessions").start(this::run);
    }

    @Override
    public void ask(Ask.OfStore ask, Consumer<Answer> answer) {
        if (!running
                || onTheirWay.get() >= ON_THEIR_WAY
                || !queue.offer(new Question(ask, answer))) {
            answer.accept(new Answer.StoreUnavailable());
        }
    }

    private void run() {
        List<Question> batch = new ArrayList<>(BATCH);
        while (running || !queue.isEmpty()) {
            try {
                Question first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, BATCH - 1);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread.
                continue;
            }
            long now = clock.instant().getEpochSecond();
            coalesced(batch).forEach(question -> begin(question, now));
            batch.clear();
        }
    }

    /// Of two writes of one record that wait, with nothing asked about it between them, the later
    /// one is carried out, for both.
    private static List<Question> coalesced(List<Question> batch) {
        List<Question> wanted = new ArrayList<>(batch.size());
        Map<SessionReference, Integer> writes = new LinkedHashMap<>();
        for (Question question : batch) {
            SessionReference reference = question.ask().reference();
            Integer earlier =
                    question.ask() instanceof Ask.StoreSession
                            ? writes.get(reference)
                            : writes.remove(reference);
            if (!(question.ask() instanceof Ask.StoreSession)) {
                wanted.add(question);
            } else if (earlier == null) {
                writes.put(reference, wanted.size());
                wanted.add(question);
            } else {
                Consumer<Answer> first = wanted.get(earlier).answer();
                wanted.set(
                        earlier,
                        new Question(
                                question.ask(),
                                answer -> {
                                    first.accept(answer);
                                    question.answer().accept(answer);
                                }));
            }
        }
        return wanted;
    }

    private void begin(Question question, long now) {
        onTheirWay.incrementAndGet();
        begin(question, now, TRIES);
    }

    private void begin(Question question, long now, int tries) {
        CompletionStage<? extends Answer> answered;
        try {
            answered = answer(question.ask(), now);
        } catch (RuntimeException refused) {
            answered = CompletableFuture.failedFuture(refused);
        }
        answered.whenComplete((answer, failure) -> {
            if (failure != null && tries > 1 && running && shared.isUndecided()) {
                LATER.execute(() -> begin(question, now, tries - 1));
                return;
            }
            onTheirWay.decrementAndGet();
            question.answer().accept(failure == null ? answer : new Answer.StoreUnavailable());
        });
    }

    private CompletionStage<? extends Answer> answer(Ask.OfStore asked, long now) {
        return switch (asked) {
            case Ask.StoreSession put -> store(put, now);
            case Ask.FetchSession fetch ->
                    shared.fetch(fetch.reference(), now)
                            .thenApply(found ->
                                    found == null
                                            ? new Answer.SessionUnknown()
                                            : new Answer.SessionFetched(found));
            case Ask.RaiseSwitchCount raise ->
                    shared.raise(raise.reference(), raise.gatewaySwitchCount(), raise.claim(), now)
                            .thenApply(raised ->
                                    switch (raised) {
                                        case RAISED -> new Answer.SwitchCountRaised();
                                        case TAKEN -> new Answer.SwitchCountTaken();
                                        case UNKNOWN -> new Answer.SessionUnknown();
                                    });
            case Ask.DropSession drop ->
                    shared.drop(drop.reference(), drop.gatewaySwitchCount())
                            .thenApply(_ -> new Answer.SessionDropped());
        };
    }

    /// A record that is there already has its place, however full the store is.
    private CompletionStage<Answer> store(Ask.StoreSession put, long now) {
        CompletionStage<Boolean> hasPlace =
                shared.size() < maximum
                        ? CompletableFuture.completedFuture(true)
                        : shared.fetch(put.reference(), now).thenApply(found -> found != null);
        return hasPlace.thenCompose(place ->
                place
                        ? shared.put(put.reference(), put.session(), now)
                                .thenApply(_ -> new Answer.SessionStored())
                        : CompletableFuture.completedFuture(new Answer.SessionNotStored()));
    }

    @Override
    public void close() {
        running = false;
        try {
            thread.join(CLOSE_PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (copies != null) {
            copies.close();
        }
    }
}
