package dev.postern.net;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An array of `struct mmsghdr`, each with one iovec, one socket address and room for control
/// messages. The layouts are those of LP64 Linux:
///
///     mmsghdr (64): 0 name*, 8 namelen (4), 16 iov*, 24 iovlen, 32 control*, 40 controllen,
///                   48 flags (4), 56 len (4)
///     iovec   (16): 0 base*, 8 len
///     cmsghdr (16): 0 len, 8 level (4), 12 type (4), then data, padded to 8
///
/// One thread at a time.
final class MessageVector {
    static final int CONTROL_BYTES = 128;
    static final int CMSG_HEADER = 16;

    private static final int HEADER_BYTES = 64;
    private static final int NAME_STRIDE = 32;
    private static final int IOV_BYTES = 16;

    private final int slots;
    private final MemorySegment headers;
    private final MemorySegment iovecs;
    private final MemorySegment names;
    private final MemorySegment controls;
    private final MemorySegment state;

    MessageVector(Arena arena, int slots) {
        this.slots = slots;
        headers = arena.allocate((long) slots * HEADER_BYTES, 64);
        iovecs = arena.allocate((long) slots * IOV_BYTES, 16);
        names = arena.allocate((long) slots * NAME_STRIDE, 16);
        controls = arena.allocate((long) slots * CONTROL_BYTES, 16);
        state = Libc.newCallState(arena);
        for (int i = 0; i < slots; i++) {
            long header = header(i);
            headers.set(ADDRESS, header, names.asSlice((long) i * NAME_STRIDE));
            headers.set(ADDRESS, header + 16, iovecs.asSlice((long) i * IOV_BYTES));
            headers.set(JAVA_LONG, header + 24, 1L);
            headers.set(ADDRESS, header + 32, controls.asSlice(controlOffset(i)));
        }
    }

    int slots() {
        return slots;
    }

    MemorySegment names() {
        return names;
    }

    static long nameOffset(int slot) {
        return (long) slot * NAME_STRIDE;
    }

    MemorySegment controls() {
        return controls;
    }

    static long controlOffset(int slot) {
        return (long) slot * CONTROL_BYTES;
    }

    void setBuffer(int slot, long address, long length) {
        iovecs.set(JAVA_LONG, (long) slot * IOV_BYTES, address);
        iovecs.set(JAVA_LONG, (long) slot * IOV_BYTES + 8, length);
    }

    void setNameLength(int slot, int length) {
        headers.set(JAVA_INT, header(slot) + 8, length);
    }

    void setControlLength(int slot, long length) {
        headers.set(JAVA_LONG, header(slot) + 40, length);
    }

    long controlLength(int slot) {
        return headers.get(JAVA_LONG, header(slot) + 40);
    }

    int flags(int slot) {
        return headers.get(JAVA_INT, header(slot) + 48);
    }

    int length(int slot) {
        return headers.get(JAVA_INT, header(slot) + 56);
    }

    /// Copies socket address and control messages of another vector's slot, the latter shortened.
    void copyEnvelope(int slot, MessageVector from, int fromSlot, long controlLength) {
        MemorySegment.copy(from.names, nameOffset(fromSlot), names, nameOffset(slot), NAME_STRIDE);
        setNameLength(slot, from.headers.get(JAVA_INT, header(fromSlot) + 8));
        MemorySegment.copy(
                from.controls,
                controlOffset(fromSlot),
                controls,
                controlOffset(slot),
                controlLength);
        setControlLength(slot, controlLength);
    }

    /// Receives what is there, without waiting.
    int receive(int fd) {
        return Libc.recvmmsg(state, fd, headers, slots, Linux.MSG_DONTWAIT);
    }

    /// Takes one ICMP error, without waiting: the name is where the datagram was sent that provoked
    /// it.
    int receiveError(int fd) {
        return Libc.recvmmsg(state, fd, headers, 1, Linux.MSG_DONTWAIT | Linux.MSG_ERRQUEUE);
    }

    /// Sends slots `from` to `to` (excluded), without waiting; answers how many were sent.
    int send(int fd, int from, int to) {
        MemorySegment first = from == 0 ? headers : headers.asSlice(header(from));
        return Libc.sendmmsg(state, fd, first, to - from, Linux.MSG_DONTWAIT | Linux.MSG_NOSIGNAL);
    }

    private static long header(int slot) {
        return (long) slot * HEADER_BYTES;
    }
}
