package dev.postern.esp;

import java.util.Arrays;

/// The anti-replay window of one inbound SA (RFC 4303 section 3.4.3 and appendix A), in the blocks
/// of RFC 6479: the window slides by clearing whole words of a ring, never by shifting bits.
/// Sequence numbers are 64-bit; `infer` finds the upper half that an ESN packet leaves out. Used by
/// one thread.
///
/// A packet is first checked, then verified, and only then marked: unauthenticated octets never
/// move the window.
public final class ReplayWindow {
    private final long[] blocks;
    private final int mask;
    private final int size;
    private long top;

    /// A window in which every number up to `floor` counts as seen.
    ReplayWindow(int size, long floor) {
        this(size);
        if (floor > 0) {
            Arrays.fill(blocks, -1L);
            // What lies beyond the floor in its own block is still to come.
            blocks[(int) (floor >>> 6) & mask] = -1L >>> (63 - (floor & 63));
            top = floor;
        }
    }

    /// @param size how far behind the highest sequence number a packet may be; at least 64
    public ReplayWindow(int size) {
        if (size < 64 || size > 1 << 20) {
            throw new IllegalArgumentException("a replay window of " + size + " packets");
        }
        this.size = size;
        // One block more than the window: the block at its right edge is only partly in use.
        int needed = (size + 63) / 64 + 1;
        this.blocks = new long[Integer.highestOneBit(needed * 2 - 1)];
        this.mask = blocks.length - 1;
    }

    /// The highest sequence number that was marked; 0 before the first.
    public long top() {
        return top;
    }

    /// Completes a 32-bit sequence number (RFC 4303 appendix A2.1): the value nearest to the window
    /// that is not left of it. Negative where it would lie before the first cycle.
    public long infer(int sequence) {
        long low = Integer.toUnsignedLong(sequence);
        long topLow = top & 0xffff_ffffL;
        long topHigh = top >>> 32;
        long bottomLow = (topLow - size + 1) & 0xffff_ffffL;
        if (topLow >= size - 1) {
            // Case A: the window lies within one cycle.
            return (low >= bottomLow ? topHigh : topHigh + 1) << 32 | low;
        }
        // Case B: the window spans two cycles.
        return (low >= bottomLow ? topHigh - 1 : topHigh) << 32 | low;
    }

    /// Whether `sequence` is new and not left of the window. No sequence number is below 1.
    public boolean accepts(long sequence) {
        if (sequence > top) {
            return true;
        }
        if (sequence <= 0 || top - sequence >= size) {
            return false;
        }
        return (blocks[(int) (sequence >>> 6) & mask] & 1L << sequence) == 0;
    }

    /// Marks the sequence number of a packet that has verified and that `accepts` accepted.
    public void mark(long sequence) {
        if (sequence > top) {
            long passed = (sequence >>> 6) - (top >>> 6);
            for (long i = 1; i <= Math.min(passed, blocks.length); i++) {
                blocks[(int) ((top >>> 6) + i) & mask] = 0;
            }
            top = sequence;
        }
        blocks[(int) (sequence >>> 6) & mask] |= 1L << sequence;
    }
}
