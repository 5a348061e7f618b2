package dev.postern.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;

/// Carries frames from one TUN device to another as they are, headers included, on a thread of its
/// own until one of them is closed.
final class TunPump {
    private final AtomicInteger longest = new AtomicInteger();
    private final AtomicInteger cutTypes = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    static TunPump start(TunDevice from, TunDevice to) {
        TunPump pump = new TunPump();
        Thread.ofPlatform().daemon().start(() -> pump.run(from, to));
        return pump;
    }

    private void run(TunDevice from, TunDevice to) {
        MemorySegment buffer = Arena.ofAuto().allocate(66_000);
        try {
            while (true) {
                int length = from.read(buffer, 0, 66_000, -1);
                if (length == 0) {
                    continue;
                }
                longest.accumulateAndGet(length, Math::max);
                if (from.headerLength() > 0 && VirtioNetHeader.gsoSize(buffer, 0) > 0) {
                    int type = VirtioNetHeader.gsoType(buffer, 0) & ~VirtioNetHeader.GSO_ECN;
                    cutTypes.accumulateAndGet(1 << type, (a, b) -> a | b);
                }
                if (to.write(buffer, 0, length) != 0) {
                    refused.incrementAndGet();
                }
            }
        } catch (ClosedChannelException _) {
            // the test is over
        } catch (IOException e) {
            refused.addAndGet(1_000_000);
        }
    }

    /// Length of the longest frame, header included.
    int longest() {
        return longest.get();
    }

    int refused() {
        return refused.get();
    }

    boolean sawFramesToCut(int gsoType) {
        return (cutTypes.get() & (1 << gsoType)) != 0;
    }
}
