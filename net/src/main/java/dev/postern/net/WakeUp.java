package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Wakes a thread that is blocked in `poll`: an eventfd and a flag that spares the system call when
/// a signal is already under way. Signals are not counted, several may melt into one.
///
/// Any thread signals; the one thread that polls drains.
final class WakeUp implements AutoCloseable {
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment drainState = Libc.newCallState(arena);
    private final MemorySegment drained = arena.allocate(JAVA_LONG);
    private final MemorySegment one = arena.allocateFrom(JAVA_LONG, 1L);
    private final Descriptor descriptor;
    private final AtomicBoolean signalled = new AtomicBoolean();

    private WakeUp(int fd) {
        descriptor = new Descriptor(fd);
    }

    static WakeUp open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int fd =
                    Libc.eventfd(
                            Libc.newCallState(arena), 0, Linux.EFD_NONBLOCK | Linux.EFD_CLOEXEC);
            if (fd < 0) {
                throw new SystemCallException("cannot create an eventfd", -fd);
            }
            return new WakeUp(fd);
        }
    }

    Descriptor descriptor() {
        return descriptor;
    }

    /// What the caller wrote before this call is seen by the woken thread. Does nothing once
    /// closed.
    void signal() {
        if (!signalled.compareAndSet(false, true)) {
            return;
        }
        try (Arena confined = Arena.ofConfined()) {
            int fd = descriptor.acquire();
            try {
                Libc.write(Libc.newCallState(confined), fd, one, 0, Long.BYTES);
            } finally {
                descriptor.release();
            }
        } catch (ClosedChannelException _) {
            // nobody polls on it any more
        }
    }

    boolean isSignalled() {
        return signalled.get();
    }

    /// Takes the signal. The eventfd is emptied before the flag falls: a signal in between is not
    /// lost, because the caller looks at its work only after this call.
    void drain() throws ClosedChannelException {
        int fd = descriptor.acquire();
        try {
            drain(fd);
        } finally {
            descriptor.release();
        }
    }

    /// Waits until `fd` can be read, a signal comes, or the time is over.
    ///
    /// @return whether `fd` can be read; a signal goes first and is taken
    boolean awaitReadable(PollSet pollSet, int fd, int timeoutMillis) throws IOException {
        int wake = descriptor.acquire();
        try {
            pollSet.set(0, fd, Linux.POLLIN);
            pollSet.set(1, wake, Linux.POLLIN);
            int ready = pollSet.poll(2, timeoutMillis);
            if (ready < 0 && ready != -Errno.EINTR) {
                throw new SystemCallException("cannot wait for input", -ready);
            }
            if (ready > 0 && pollSet.returned(1) != 0) {
                drain(wake);
                return false;
            }
            return ready > 0;
        } finally {
            descriptor.release();
        }
    }

    private void drain(int fd) {
        Libc.read(drainState, fd, drained, 0, Long.BYTES);
        signalled.set(false);
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
