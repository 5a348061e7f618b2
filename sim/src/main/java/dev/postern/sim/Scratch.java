package dev.postern.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// Native memory that all nodes of one run share: a run is one thread, and each use ends before the
/// next begins.
final class Scratch {
    /// In front of a received datagram, where production may write a frame's header.
    static final int HEADROOM = 64;

    private static final int LONGEST = 65_536;

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment outgoing = arena.allocate(2 * LONGEST, 64);
    private final MemorySegment incoming = arena.allocate(HEADROOM + LONGEST, 64);
    private final MemorySegment inner = arena.allocate(LONGEST, 64);

    SegmentAllocator allocator() {
        return arena;
    }

    MemorySegment outgoing() {
        return outgoing;
    }

    MemorySegment incoming() {
        return incoming;
    }

    MemorySegment inner() {
        return inner;
    }
}
