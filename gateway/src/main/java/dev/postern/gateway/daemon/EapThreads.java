package dev.postern.gateway.daemon;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Where EAP methods compute, so that no handshake holds up the control plane. Bounded: what finds
/// the queue full is refused at once.
final class EapThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor pool;

    EapThreads(int threads, int queueLength) {
        pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(queueLength),
                        Thread.ofPlatform().daemon().name("eap-", 1).factory());
        pool.allowCoreThreadTimeOut(true);
    }

    /// Whether the work was taken.
    boolean offer(Runnable work) {
        try {
            pool.execute(work);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
