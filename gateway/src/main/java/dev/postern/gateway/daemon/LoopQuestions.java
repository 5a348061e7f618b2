package dev.postern.gateway.daemon;

import dev.postern.ike.Effect;
import dev.postern.ike.Now;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Questions of other threads to that of an endpoint, each a step of its loop. Whoever asks waits,
/// and not for long.
final class LoopQuestions {
    private static final long PATIENCE_SECONDS = 5;

    private final EndpointLoop loop;

    LoopQuestions(EndpointLoop loop) {
        this.loop = loop;
    }

    /// What a step comes to.
    ///
    /// @param told to the asker
    /// @param effects carried out on the loop
    record Reply<T>(T told, List<Effect> effects) {
        Reply {
            effects = List.copyOf(effects);
        }
    }

    @FunctionalInterface
    interface Question<T> {
        Reply<T> at(Now now);
    }

    /// There is no answer; the message says why.
    static final class UnansweredException extends Exception {
        private static final long serialVersionUID = 1;

        private UnansweredException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// From any thread but the loop's own.
    <T> T ask(Question<T> question) throws UnansweredException {
        CompletableFuture<T> told = new CompletableFuture<>();
        loop.offer(now -> {
            try {
                Reply<T> reply = question.at(now);
                told.complete(reply.told());
                return reply.effects();
            } catch (RuntimeException e) {
                told.completeExceptionally(e);
                throw e;
            }
        });
        try {
            return told.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new UnansweredException(
                    "the client is too busy to answer, or about to end; try again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnansweredException("interrupted", e);
        } catch (ExecutionException e) {
            throw new UnansweredException(
                    "the client has failed at this, which is a bug; its log tells more", e);
        }
    }
}
