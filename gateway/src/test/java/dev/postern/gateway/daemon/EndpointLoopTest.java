package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Effect;
import dev.postern.ike.Now;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/// The thread of an endpoint and what others may ask of it.
@Timeout(60)
class EndpointLoopTest {
    private final List<String> order = new ArrayList<>();
    private final EndpointLoop loop =
            new EndpointLoop(
                    "test",
                    new IdleDriver() {
                        @Override
                        public void onStep() {
                            order.add("begins");
                        }
                    },
                    Clock.systemUTC());

    private void start() {
        loop.start(
                new EndpointLoop.Effects() {
                    @Override
                    public void carryOut(Now now, Effect effect) {}

                    @Override
                    public void flush() {}
                });
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void everyStepIsToldToBegin() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        loop.offer(_ -> note("first"));
        loop.offer(_ -> {
            throw new IllegalStateException("a step that breaks, for this test");
        });
        loop.offer(_ -> note("third"));
        loop.offer(_ -> {
            done.countDown();
            return List.of();
        });
        start();
        done.await();
        assertThat(order).containsExactly("begins", "first", "begins", "begins", "third", "begins");
    }

    private List<Effect> note(String what) {
        order.add(what);
        return List.of();
    }

    @Test
    void aStepAtWorkKeepsTheLoopBusyAsThoseDoThatWait() throws InterruptedException {
        BlockingQueue<CountDownLatch> atWork = new LinkedBlockingQueue<>();
        start();
        assertThat(loop.busyNanos()).isZero();
        for (int round = 0; round < 3; round++) {
            CountDownLatch end = new CountDownLatch(1);
            loop.offer(_ -> {
                takeAWhile();
                atWork.add(end);
                await(end);
                return List.of();
            });
            CountDownLatch working = atWork.take();
            if (round > 0) {
                long one = loop.busyNanos();
                assertThat(one).isPositive();
                loop.offer(_ -> List.of());
                assertThat(loop.busyNanos()).isEqualTo(2 * one);
            }
            working.countDown();
        }
        while (loop.busyNanos() > 0) {
            Thread.onSpinWait();
        }
    }

    /// Long enough to be noticed in the pace of the loop.
    private static void takeAWhile() {
        long from = System.nanoTime();
        while (System.nanoTime() - from < 10_000) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
