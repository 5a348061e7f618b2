package dev.postern.grid;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Waits out what passes by itself. When a member has crashed or falls silent the others need a
/// moment to find that they go on without it, and the first of its clients are there before: who is
/// told in that moment that nobody knows makes a client take another address for nothing.
final class Settling {
    /// A client that resumes is told to ask again after a second of it; shorter than IKE_AUTH waits
    /// for an address (five seconds).
    private static final long PATIENCE_NANOS = 1_800_000_000L;

    private static final Executor LATER =
            CompletableFuture.delayedExecutor(
                    50, TimeUnit.MILLISECONDS, Thread::startVirtualThread);

    private Settling() {}

    /// Asks once, and again where the answer is none and may be another one in a moment. The moment
    /// begins with the first answer: the question itself may have waited until a silent member was
    /// missed.
    ///
    /// @param question does not fail
    /// @param none whether an answer is none
    /// @param passing whether something is about to change
    /// @return the last answer
    static <T> CompletableFuture<T> ask(
            Supplier<CompletableFuture<T>> question, Predicate<T> none, BooleanSupplier passing) {
        return ask(question, none, passing, System::nanoTime);
    }

    /// @param clock in nanoseconds, from any beginning
    static <T> CompletableFuture<T> ask(
            Supplier<CompletableFuture<T>> question,
            Predicate<T> none,
            BooleanSupplier passing,
            LongSupplier clock) {
        return question.get()
                .thenCompose(answer ->
                        again(
                                answer,
                                question,
                                none,
                                passing,
                                clock,
                                clock.getAsLong() + PATIENCE_NANOS));
    }

    /// @param until when it is given up, by the clock
    private static <T> CompletableFuture<T> again(
            T answer,
            Supplier<CompletableFuture<T>> question,
            Predicate<T> none,
            BooleanSupplier passing,
            LongSupplier clock,
            long until) {
        if (!none.test(answer) || clock.getAsLong() - until >= 0 || !passing.getAsBoolean()) {
            return CompletableFuture.completedFuture(answer);
        }
        return CompletableFuture.supplyAsync(question, LATER)
                .thenCompose(Function.identity())
                .thenCompose(next -> again(next, question, none, passing, clock, until));
    }
}
