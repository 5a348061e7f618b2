package dev.postern.gateway.dataplane;

import dev.postern.esp.IcmpSink;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;

/// What senders inside are told of packets that do not fit the path outside, on its way from the
/// thread that seals to the inner side: few at once and a hundred in a second (RFC 4443 section
/// 2.4).
final class RefusedPackets implements IcmpSink {
    private static final int AT_ONCE = 32;
    private static final int IN_A_SECOND = 100;
    private static final long SECOND = 1_000_000_000L;

    private final ArrayBlockingQueue<byte[]> messages = new ArrayBlockingQueue<>(AT_ONCE);
    private long second = System.nanoTime();
    private int told;

    @Override
    public void accept(MemorySegment memory, long offset, int length) {
        long now = System.nanoTime();
        if (now - second >= SECOND) {
            second = now;
            told = 0;
        }
        if (told < IN_A_SECOND
                && messages.offer(memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE))) {
            told++;
        }
    }

    byte @Nullable [] poll() {
        return messages.poll();
    }
}
