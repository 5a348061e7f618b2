package dev.postern.net;

import java.lang.foreign.Arena;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;

/// A file descriptor that cannot be closed under a thread that uses it.
///
/// Without this a number closed by one thread could be given to another file while a second thread
/// is on its way into a system call. Each use stands between [#acquire] and [#release]; a close
/// meanwhile takes effect when the last user leaves.
final class Descriptor {
    private static final int CLOSED = 1 << 31;

    private final int number;
    private final AtomicInteger users = new AtomicInteger();

    Descriptor(int number) {
        this.number = number;
    }

    /// The number, valid until [#release].
    int acquire() throws ClosedChannelException {
        if (users.incrementAndGet() < 0) {
            release();
            throw new ClosedChannelException();
        }
        return number;
    }

    void release() {
        if (users.decrementAndGet() == CLOSED) {
            closeNow();
        }
    }

    boolean isClosed() {
        return users.get() < 0;
    }

    /// Idempotent.
    ///
    /// @return whether this call was the one that closed it
    boolean close() {
        int before = users.getAndUpdate(count -> count | CLOSED);
        if (before == 0) {
            closeNow();
        }
        return before >= 0;
    }

    private void closeNow() {
        // A refused late user may find the count at CLOSED a second time: the first one closes.
        if (users.compareAndSet(CLOSED, CLOSED | (1 << 30))) {
            try (Arena arena = Arena.ofConfined()) {
                Libc.close(Libc.newCallState(arena), number);
            }
        }
    }
}
