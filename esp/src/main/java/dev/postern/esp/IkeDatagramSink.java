package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// Takes the IKE messages that arrive between ESP packets. Called by the opener's thread.
@FunctionalInterface
public interface IkeDatagramSink {
    /// Takes one message, its non-ESP marker already removed. The memory is valid during the call
    /// only, and nothing about the octets has been verified.
    void accept(MemorySegment memory, long offset, int length);
}
