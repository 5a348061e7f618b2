package dev.postern.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.Objects;

/// The system calls of this package, by their C library wrappers.
///
/// Each method answers a result of zero or more, or the negative error number. `state` receives
/// errno; it comes from [#newCallState] and belongs to one thread at a time. No method allocates on
/// success or on failure: `read` and `write` hand over a raw address, so that they may point into
/// the middle of a buffer without a slice per packet. Their buffer must not be closed meanwhile.
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET =
            CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET = bound("socket", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = bound("bind", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKNAME =
            bound("getsockname", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SETSOCKOPT =
            bound("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            bound("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle RECVMMSG =
            bound("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle SENDMMSG =
            bound("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle POLL = bound("poll", ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EVENTFD = bound("eventfd", JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = bound("close", JAVA_INT);
    private static final MethodHandle READ = boundLong("read", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE = boundLong("write", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SENDTO =
            boundLong("sendto", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECV =
            boundLong("recv", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    // open(path, flags, ...) and ioctl(fd, request, ...) are variadic after two arguments.
    private static final MethodHandle OPEN =
            handle(
                    "open",
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    CAPTURE,
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL =
            handle(
                    "ioctl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                    CAPTURE,
                    Linker.Option.firstVariadicArg(2));

    /// `struct pollfd`: fd, events, revents.
    static final StructLayout POLLFD =
            MemoryLayout.structLayout(
                    JAVA_INT.withName("fd"),
                    JAVA_SHORT.withName("events"),
                    JAVA_SHORT.withName("revents"));

    private Libc() {}

    /// Memory that receives errno.
    static MemorySegment newCallState(SegmentAllocator allocator) {
        return allocator.allocate(CALL_STATE);
    }

    static int socket(MemorySegment state, int family, int type, int protocol) {
        try {
            return result(state, (int) SOCKET.invokeExact(state, family, type, protocol));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int bind(MemorySegment state, int fd, MemorySegment address, int length) {
        try {
            return result(state, (int) BIND.invokeExact(state, fd, address, length));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int getsockname(
            MemorySegment state, int fd, MemorySegment address, MemorySegment length) {
        try {
            return result(state, (int) GETSOCKNAME.invokeExact(state, fd, address, length));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int setsockopt(
            MemorySegment state, int fd, int level, int name, MemorySegment value, int length) {
        try {
            return result(
                    state, (int) SETSOCKOPT.invokeExact(state, fd, level, name, value, length));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int getsockopt(
            MemorySegment state,
            int fd,
            int level,
            int name,
            MemorySegment value,
            MemorySegment length) {
        try {
            return result(
                    state, (int) GETSOCKOPT.invokeExact(state, fd, level, name, value, length));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int recvmmsg(MemorySegment state, int fd, MemorySegment messages, int count, int flags) {
        try {
            return result(
                    state,
                    (int)
                            RECVMMSG.invokeExact(
                                    state, fd, messages, count, flags, MemorySegment.NULL));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int sendmmsg(MemorySegment state, int fd, MemorySegment messages, int count, int flags) {
        try {
            return result(state, (int) SENDMMSG.invokeExact(state, fd, messages, count, flags));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int poll(MemorySegment state, MemorySegment descriptors, long count, int millis) {
        try {
            return result(state, (int) POLL.invokeExact(state, descriptors, count, millis));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int eventfd(MemorySegment state, int initial, int flags) {
        try {
            return result(state, (int) EVENTFD.invokeExact(state, initial, flags));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int close(MemorySegment state, int fd) {
        try {
            return result(state, (int) CLOSE.invokeExact(state, fd));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int read(MemorySegment state, int fd, MemorySegment buffer, long offset, int length) {
        long address = checkedAddress(buffer, offset, length);
        try {
            return result(state, (int) (long) READ.invokeExact(state, fd, address, (long) length));
        } catch (Throwable e) {
            throw impossible(e);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    static int write(MemorySegment state, int fd, MemorySegment buffer, long offset, int length) {
        long address = checkedAddress(buffer, offset, length);
        try {
            return result(state, (int) (long) WRITE.invokeExact(state, fd, address, (long) length));
        } catch (Throwable e) {
            throw impossible(e);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    static int sendto(
            MemorySegment state,
            int fd,
            MemorySegment octets,
            long length,
            int flags,
            MemorySegment address,
            int addressLength) {
        try {
            return result(
                    state,
                    (int)
                            (long)
                                    SENDTO.invokeExact(
                                            state,
                                            fd,
                                            octets,
                                            length,
                                            flags,
                                            address,
                                            addressLength));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int recv(MemorySegment state, int fd, MemorySegment octets, long length, int flags) {
        try {
            return result(state, (int) (long) RECV.invokeExact(state, fd, octets, length, flags));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int open(MemorySegment state, MemorySegment path, int flags) {
        try {
            return result(state, (int) OPEN.invokeExact(state, path, flags));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /// A device request.
    ///
    /// @param argument a pointer, or for a request that takes a number `MemorySegment.ofAddress`
    static int ioctl(MemorySegment state, int fd, long request, MemorySegment argument) {
        try {
            return result(state, (int) IOCTL.invokeExact(state, fd, request, argument));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /// What an arena would check of a segment is checked here.
    private static long checkedAddress(MemorySegment buffer, long offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.byteSize());
        if (!buffer.isNative() || !buffer.scope().isAlive()) {
            throw new IllegalArgumentException("the buffer is not open native memory");
        }
        return buffer.address() + offset;
    }

    private static int result(MemorySegment state, int result) {
        return result < 0 ? -state.get(JAVA_INT, ERRNO_OFFSET) : result;
    }

    private static MethodHandle bound(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(JAVA_INT, arguments), CAPTURE);
    }

    private static MethodHandle boundLong(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(JAVA_LONG, arguments), CAPTURE);
    }

    private static MethodHandle handle(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment symbol =
                LINKER.defaultLookup()
                        .find(name)
                        .orElseThrow(() ->
                                new UnsupportedOperationException(
                                        "the C library has no function "
                                                + name
                                                + "; Postern needs Linux with glibc"));
        return LINKER.downcallHandle(symbol, descriptor, options);
    }

    /// A downcall throws only what the Java side of it throws: a closed arena, a wrong thread.
    private static RuntimeException impossible(Throwable e) {
        return switch (e) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }
}
