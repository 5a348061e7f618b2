package dev.postern.gateway.daemon;

import dev.postern.ike.Effect;
import dev.postern.ike.Now;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The thread of one endpoint: takes steps from a bounded queue, wakes the endpoint at its
/// deadlines, and hands its effects on. A step that cannot be queued is dropped and counted:
/// whoever sent the datagram will send it again.
final class EndpointLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointLoop.class);
    static final int QUEUE_CAPACITY = 16_384;
    private static final int BATCH = 256;

    /// Of the last batches the newest counts for this part of the pace.
    private static final int PACE_MEMORY = 8;

    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// Something to do with the endpoint at an instant.
    @FunctionalInterface
    interface Step {
        List<Effect> at(Now now);
    }

    /// The endpoint's side of the loop.
    interface Driver {
        /// A step begins, one of the queue or [#onDeadline].
        default void onStep() {}

        /// The deadline of [#nextDeadline] has come.
        List<Effect> onDeadline(Now now);

        /// Monotonic nanoseconds.
        long nextDeadline();
    }

    /// Carries effects out, on the loop's thread.
    interface Effects {
        void carryOut(Now now, Effect effect);

        /// A batch is done: what was gathered can be sent.
        void flush();
    }

    private final Driver driver;
    private final Clock wallClock;
    private final BlockingQueue<Step> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);

    /// The queue's size, which network threads ask for with each message, without its lock.
    private final AtomicInteger waiting = new AtomicInteger();

    /// Steps that have left the queue and are not done; written by the loop's thread.
    private final AtomicInteger inHand = new AtomicInteger();

    private final AtomicLong dropped = new AtomicLong();
    private final String name;
    private @Nullable Thread thread;
    private volatile boolean running = true;

    /// What a step took of late, with everything that kept the thread from running.
    private volatile long stepNanos;

    EndpointLoop(String name, Driver driver, Clock wallClock) {
        this.driver = driver;
        this.wallClock = wallClock;
        this.name = name;
    }

    /// Starts the thread; steps queued before wait for it.
    void start(Effects effects) {
        thread = Thread.ofPlatform().name(name).start(() -> run(effects));
    }

    /// Queues a step from any thread; false, and counted, where the queue is full.
    boolean offer(Step step) {
        waiting.incrementAndGet();
        if (queue.offer(step)) {
            return true;
        }
        waiting.decrementAndGet();
        dropped.incrementAndGet();
        return false;
    }

    /// Queues a step that must not be lost, and waits for room where there is none. Never from the
    /// loop's own thread.
    void put(Step step) {
        boolean interrupted = false;
        boolean queued = false;
        while (running && !queued) {
            try {
                queued = queue.offer(step, LONGEST_WAIT_NANOS, TimeUnit.NANOSECONDS);
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (queued) {
            waiting.incrementAndGet();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Steps that wait.
    int waiting() {
        return Math.max(0, waiting.get());
    }

    /// How long a step that is queued now will probably wait.
    long delayNanos() {
        return waiting() * stepNanos;
    }

    /// How long the steps that wait and those at work will probably keep the thread busy.
    long busyNanos() {
        return (waiting() + inHand.getOpaque()) * stepNanos;
    }

    /// Steps that found the queue full.
    long dropped() {
        return dropped.get();
    }

    /// This instant, as the endpoint sees it.
    Now now() {
        return new Now(System.nanoTime(), wallClock.instant().getEpochSecond());
    }

    private void run(Effects effects) {
        List<Step> batch = new ArrayList<>(BATCH);
        while (running) {
            try {
                Step first = queue.poll(waitNanos(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                    waiting.addAndGet(-batch.size());
                }
            } catch (InterruptedException e) {
                // Only close interrupts, and it has cleared `running` before.
                continue;
            }
            turn(batch, effects);
            batch.clear();
        }
    }

    private long waitNanos() {
        long deadline = driver.nextDeadline();
        return deadline == Long.MAX_VALUE
                ? LONGEST_WAIT_NANOS
                : Math.clamp(deadline - System.nanoTime(), 0, LONGEST_WAIT_NANOS);
    }

    private void turn(List<Step> batch, Effects effects) {
        Now now = now();
        for (int done = 0; done < batch.size(); done++) {
            inHand.setOpaque(batch.size() - done);
            perform(now, batch.get(done), effects);
        }
        inHand.setOpaque(0);
        if (driver.nextDeadline() <= now.nanos()) {
            perform(now, driver::onDeadline, effects);
        }
        effects.flush();
        if (!batch.isEmpty()) {
            long each = (System.nanoTime() - now.nanos()) / batch.size();
            long before = stepNanos;
            stepNanos = before + (each - before) / PACE_MEMORY;
        }
    }

    /// One broken step must not end the daemon; it is loud, and the next one has its turn.
    private void perform(Now now, Step step, Effects effects) {
        try {
            driver.onStep();
            for (Effect effect : step.at(now)) {
                effects.carryOut(now, effect);
            }
        } catch (RuntimeException e) {
            LOG.error("a step of the control plane failed; this is a bug in Postern", e);
        }
    }

    /// Stops the thread and waits until it has ended.
    @Override
    public void close() {
        running = false;
        Thread ending = thread;
        if (ending == null) {
            return;
        }
        ending.interrupt();
        try {
            ending.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
