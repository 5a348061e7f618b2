package dev.postern.gateway.daemon;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What a start has opened so far. Where it fails all of that is given back, the newest first, so
/// that it may be tried again.
final class Acquired {
    private final Deque<Runnable> releases = new ArrayDeque<>();

    private Acquired() {}

    /// @return what starts, with all that it opened
    /// @throws IOException if it does not; what cannot be given back is told with the reason
    static <T> T during(Start<T> start) throws IOException {
        Acquired acquired = new Acquired();
        try {
            return start.with(acquired);
        } catch (IOException | RuntimeException e) {
            acquired.release(e);
            throw e;
        }
    }

    /// What opens one thing after the other.
    @FunctionalInterface
    interface Start<T> {
        T with(Acquired acquired) throws IOException;
    }

    /// @return what was opened
    <T> T add(T opened, Consumer<? super T> release) {
        releases.push(() -> release.accept(opened));
        return opened;
    }

    /// @return what was opened; null where nothing was
    <T> @Nullable T addIfAny(@Nullable T opened, Consumer<? super T> release) {
        return opened == null ? null : add(opened, release);
    }

    private void release(Exception why) {
        while (!releases.isEmpty()) {
            try {
                releases.pop().run();
            } catch (RuntimeException e) {
                why.addSuppressed(e);
            }
        }
    }
}
