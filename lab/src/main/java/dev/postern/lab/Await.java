package dev.postern.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for a condition of the world outside this JVM, which cannot notify us: it is asked again
/// until it holds or the deadline has passed.
public final class Await {
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private Await() {}

    /// Asks again and again until the condition holds.
    ///
    /// @param claim what should become true, as a sentence for the failure
    /// @param deadline how long to wait
    /// @param condition asked at least once
    /// @throws LabException when the deadline has passed
    public static void until(String claim, Duration deadline, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                throw new LabException(
                        "waited %s, but it did not come true that %s".formatted(deadline, claim));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
