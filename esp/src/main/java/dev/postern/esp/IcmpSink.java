package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// Takes the messages for senders inside whose packets do not fit the path outside. Called by the
/// sealer's thread.
@FunctionalInterface
public interface IcmpSink {
    /// Takes one IP packet; the memory is valid during the call only.
    void accept(MemorySegment memory, long offset, int length);
}
