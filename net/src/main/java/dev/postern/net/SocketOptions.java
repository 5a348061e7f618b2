package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Socket options by number. Each method answers zero or more, or the negative error number.
final class SocketOptions {
    private static final int MEMINFO_WORDS = 9;
    private static final int MEMINFO_DROPS = 8;

    private SocketOptions() {}

    static int set(int fd, int level, int name, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return Libc.setsockopt(
                    Libc.newCallState(arena),
                    fd,
                    level,
                    name,
                    arena.allocateFrom(JAVA_INT, value),
                    Integer.BYTES);
        }
    }

    static int set(int fd, int level, int name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(value, StandardCharsets.US_ASCII);
            return Libc.setsockopt(
                    Libc.newCallState(arena), fd, level, name, text, (int) text.byteSize());
        }
    }

    static int get(int fd, int level, int name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, Integer.BYTES);
            int result = Libc.getsockopt(Libc.newCallState(arena), fd, level, name, value, length);
            return result < 0 ? result : value.get(JAVA_INT, 0);
        }
    }

    /// SK_MEMINFO_DROPS of SO_MEMINFO.
    static long drops(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment words = arena.allocate(JAVA_INT, MEMINFO_WORDS);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) words.byteSize());
            int result =
                    Libc.getsockopt(
                            Libc.newCallState(arena),
                            fd,
                            Linux.SOL_SOCKET,
                            Linux.SO_MEMINFO,
                            words,
                            length);
            if (result < 0) {
                throw new SystemCallException("cannot read the drops of a socket", -result);
            }
            return Integer.toUnsignedLong(words.getAtIndex(JAVA_INT, MEMINFO_DROPS));
        }
    }
}
