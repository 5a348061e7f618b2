package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// Takes the packets that came through the tunnel. Called by the opener's thread.
@FunctionalInterface
public interface InnerPacketSink {
    /// Takes one packet. Memory and view are valid during the call only. The 10 octets in front of
    /// the packet belong to it: a virtio header may be written there.
    void deliver(MemorySegment memory, long offset, InnerPacket packet);
}
