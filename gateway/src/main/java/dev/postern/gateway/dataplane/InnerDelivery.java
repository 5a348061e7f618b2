package dev.postern.gateway.dataplane;

import dev.postern.esp.Coalescer;
import dev.postern.esp.InnerPacket;
import dev.postern.esp.InnerPacketSink;
import dev.postern.net.TunDevice;
import dev.postern.net.TunOffload;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/// Hands opened packets to the inner side. Used under the opener's lock.
sealed interface InnerDelivery extends InnerPacketSink {
    /// Completes what the packets of one batch have begun.
    void finish();

    /// Packets or super-packets that the inner side refused.
    long refusals();

    /// Seals a packet of the inner side, and sends what was sealed.
    interface Return {
        void seal(MemorySegment memory, long offset, int length);

        void flush();
    }

    static InnerDelivery to(InnerSide inner, Return answers, Arena arena) {
        return switch (inner) {
            case InnerSide.Tun(TunDevice device, int _, boolean _) -> new ToTun(device, arena);
            case InnerSide.Host host -> new ToHost(host, answers);
            case InnerSide.Application(InnerSide.PacketReceiver receiver) ->
                    new ToApplication(receiver);
        };
    }

    /// Writes to the kernel, coalesced.
    final class ToTun implements InnerDelivery {
        private final TunDevice device;
        private final Coalescer coalescer;
        private final AtomicLong refusals = new AtomicLong();

        ToTun(TunDevice device, Arena arena) {
            if (device.headerLength() == 0) {
                throw new IllegalArgumentException(device.name() + " has no virtio header");
            }
            this.device = device;
            boolean joinsUdp = device.offload() == TunOffload.TCP_AND_UDP;
            this.coalescer = new Coalescer(arena, joinsUdp, this::write);
        }

        private void write(MemorySegment memory, long offset, int length) {
            boolean refused;
            try {
                refused = device.write(memory, offset, length) != 0;
            } catch (IOException e) {
                // The device was closed or is gone; the thread that reads from it reports that.
                refused = true;
            }
            if (refused) {
                refusals.setOpaque(refusals.getPlain() + 1);
            }
        }

        @Override
        public void deliver(MemorySegment memory, long offset, InnerPacket packet) {
            coalescer.deliver(memory, offset, packet);
        }

        @Override
        public void finish() {
            coalescer.flush();
        }

        @Override
        public long refusals() {
            return refusals.getOpaque();
        }
    }

    /// Lets the host answer, and seals the answers.
    final class ToHost implements InnerDelivery {
        private final InnerSide.Host host;
        private final Return answers;

        ToHost(InnerSide.Host host, Return answers) {
            this.host = host;
            this.answers = answers;
        }

        @Override
        public void deliver(MemorySegment memory, long offset, InnerPacket packet) {
            if (host.host().answer(memory, offset, packet)) {
                answers.seal(memory, offset, packet.length());
            }
        }

        @Override
        public void finish() {
            answers.flush();
        }

        @Override
        public long refusals() {
            return 0;
        }
    }

    /// Copies each packet for the application.
    final class ToApplication implements InnerDelivery {
        private final InnerSide.PacketReceiver receiver;

        ToApplication(InnerSide.PacketReceiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void deliver(MemorySegment memory, long offset, InnerPacket packet) {
            receiver.accept(memory.asSlice(offset, packet.length()).toArray(ValueLayout.JAVA_BYTE));
        }

        @Override
        public void finish() {}

        @Override
        public long refusals() {
            return 0;
        }
    }
}
