package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An array of `struct pollfd` (fd, events, revents). One thread at a time.
final class PollSet {
    private static final long STRIDE = Libc.POLLFD.byteSize();

    private final MemorySegment memory;
    private final MemorySegment state;

    PollSet(Arena arena, int size) {
        memory = arena.allocate(Libc.POLLFD, size);
        state = Libc.newCallState(arena);
    }

    void set(int index, int fd, short events) {
        memory.set(JAVA_INT, index * STRIDE, fd);
        memory.set(JAVA_SHORT, index * STRIDE + 4, events);
        memory.set(JAVA_SHORT, index * STRIDE + 6, (short) 0);
    }

    /// Waits for the first `size` entries.
    ///
    /// @return how many have something to tell, 0 after the time, or the negative error number
    int poll(int size, int timeoutMillis) {
        return Libc.poll(state, memory, size, timeoutMillis);
    }

    short returned(int index) {
        return memory.get(JAVA_SHORT, index * STRIDE + 6);
    }
}
