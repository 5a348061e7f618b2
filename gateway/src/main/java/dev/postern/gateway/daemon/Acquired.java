package dev.postern.gateway.daemon;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What a start has opened so far. Where it fails all of that is given back, the newest first, so
/// that it may be tried again.
final class Acquired {
    private final Deque<Runnable> releases = new ArrayDeque<>();

    /// @return what was opened
    <T> T add(T opened, Consumer<? super T> release) {
        releases.push(() -> release.accept(opened));
        return opened;
    }

    /// @return what was opened; null where nothing was
    <T> @Nullable T addIfAny(@Nullable T opened, Consumer<? super T> release) {
        return opened == null ? null : add(opened, release);
    }

    /// @param why the start fails; what cannot be given back is told with it
    void release(Exception why) {
        while (!releases.isEmpty()) {
            try {
                releases.pop().run();
            } catch (RuntimeException e) {
                why.addSuppressed(e);
            }
        }
    }
}
