package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// Takes frames for a TUN device: a virtio header (`VirtioHeader`) and a packet or super-packet.
/// Called by the opener's thread; the memory is valid during the call only.
@FunctionalInterface
public interface TunFrameSink {
    void write(MemorySegment memory, long offset, int length);
}
