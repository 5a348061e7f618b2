package dev.postern.gateway.store;

import dev.postern.gateway.configuration.KeptSessions;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ticket.store.MemorySessionStore;
import dev.postern.ticket.store.SessionStore;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The thread of a session store. Questions that wait are taken together, carried out in order,
/// made to last by one commit, and then answered: a storm of writes costs few of them, and nobody
/// is told of a write that a crash could undo.
public final class StoreThread implements SessionKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);

    /// More questions than that are answered at once with [Answer.StoreUnavailable].
    private static final int QUEUE_CAPACITY = 8_192;

    private static final int BATCH = 512;
    private static final long IDLE_MILLIS = 200;
    private static final long CLOSE_PATIENCE_MILLIS = 5_000;

    /// @param answer takes the answer, from any thread
    private record Question(Ask.OfStore ask, Consumer<Answer> answer) {}

    private record Answered(Question question, Answer.OfStore answer) {}

    private final SessionStore store;
    private final @Nullable DurableSessionStore durable;
    private final InstantSource clock;
    private final BlockingQueue<Question> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final Thread thread;
    private volatile boolean running = true;
    private boolean complained;

    private StoreThread(
            SessionStore store, @Nullable DurableSessionStore durable, InstantSource clock) {
        this.store = store;
        this.durable = durable;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("session-store").start(this::run);
    }

    /// @throws IOException in words, where the file cannot be used
    public static StoreThread start(KeptSessions kept, InstantSource clock) throws IOException {
        Path file = kept.file();
        if (file == null) {
            return new StoreThread(new MemorySessionStore(kept.records()), null, clock);
        }
        DurableSessionStore durable = DurableSessionStore.open(file, kept.records(), kept.sync());
        return new StoreThread(durable, durable, clock);
    }

    @Override
    public void ask(Ask.OfStore ask, Consumer<Answer> answer) {
        if (!running || !queue.offer(new Question(ask, answer))) {
            answer.accept(new Answer.StoreUnavailable());
        }
    }

    private void run() {
        List<Question> batch = new ArrayList<>(BATCH);
        while (running || !queue.isEmpty()) {
            try {
                Question first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    tidy();
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, BATCH - 1);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread.
                continue;
            }
            carryOut(batch);
            batch.clear();
        }
    }

    private void carryOut(List<Question> batch) {
        long now = clock.instant().getEpochSecond();
        List<Answered> answers = new ArrayList<>(batch.size());
        boolean wrote = false;
        for (Question question : batch) {
            answers.add(new Answered(question, Answer.of(store, question.ask(), now)));
            wrote |= !(question.ask() instanceof Ask.FetchSession);
        }
        boolean lasts = !wrote || commit();
        for (Answered answered : answers) {
            boolean read = answered.question().ask() instanceof Ask.FetchSession;
            answered.question()
                    .answer()
                    .accept(lasts || read ? answered.answer() : new Answer.StoreUnavailable());
        }
    }

    private boolean commit() {
        try {
            if (durable != null) {
                durable.commit();
            }
            complained = false;
            return true;
        } catch (SessionStore.UnavailableException broken) {
            complain(broken);
            return false;
        }
    }

    private void tidy() {
        try {
            if (durable != null) {
                durable.tidy(clock.instant().getEpochSecond());
            }
        } catch (SessionStore.UnavailableException broken) {
            complain(broken);
        }
    }

    /// Once for each time that it breaks.
    private void complain(SessionStore.UnavailableException broken) {
        if (!complained) {
            complained = true;
            LOG.error(
                    "{}; clients get no references until it is mended",
                    broken.getMessage(),
                    broken);
        }
    }

    /// Carries out what was asked before, and closes the file.
    @Override
    public void close() {
        // Not interrupted: that would close the file's channel under a commit.
        running = false;
        try {
            thread.join(CLOSE_PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (durable != null) {
            durable.close();
        }
    }
}
