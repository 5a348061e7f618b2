package dev.postern.grid;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// Waits out what passes by itself. When a member has crashed the others need a moment to find that
/// they go on without it, and the first of its clients are there before: who is told in that moment
/// that nobody knows makes a client take another address for nothing.
final class Settling {
    /// Shorter than an endpoint waits for an answer (two seconds for a client that resumes).
    private static final long PATIENCE_NANOS = 1_500_000_000L;

    private static final Executor LATER =
            CompletableFuture.delayedExecutor(
                    50, TimeUnit.MILLISECONDS, Thread::startVirtualThread);

    private Settling() {}

    /// Whether `good` is the case, now or soon. Completes at once, on this thread, where it is, and
    /// where it is not and nothing is about to change.
    ///
    /// @param passing whether what is not good may be so in a moment
    static CompletableFuture<Boolean> await(BooleanSupplier good, BooleanSupplier passing) {
        return await(good, passing, System.nanoTime() + PATIENCE_NANOS);
    }

    /// @param until when it is given up, by [System#nanoTime]
    static CompletableFuture<Boolean> await(
            BooleanSupplier good, BooleanSupplier passing, long until) {
        if (good.getAsBoolean()) {
            return CompletableFuture.completedFuture(true);
        }
        if (!passing.getAsBoolean() || System.nanoTime() - until >= 0) {
            return CompletableFuture.completedFuture(false);
        }
        return CompletableFuture.supplyAsync(() -> await(good, passing, until), LATER)
                .thenCompose(Function.identity());
    }
}
