package dev.postern.gateway.dataplane;

import dev.postern.esp.EspOpener;
import dev.postern.esp.IkeDatagramSink;
import dev.postern.net.ReceiveBatch;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicLong;

/// Receives from one socket. On a port that ESP uses the opener judges each datagram; on another
/// each datagram is an IKE message.
final class NetworkReader {
    /// Each 64 KB, touched as far as they are filled.
    private static final int SLOTS = 16;

    /// Also how long the keys of a removed SA may outlive it.
    private static final int IDLE_MILLIS = 500;

    private final DataPlanePort port;
    private final IkeSink ike;
    private final ReceiveBatch batch;
    private final AtomicLong dropped = new AtomicLong();

    NetworkReader(DataPlanePort port, IkeSink ike, Arena arena) {
        this.port = port;
        this.ike = ike;
        this.batch = ReceiveBatch.allocate(arena, SLOTS);
    }

    /// IKE messages for which the control plane had no room.
    long dropped() {
        return dropped.getOpaque();
    }

    /// Receives what is there, waiting for it a while.
    ///
    /// @return how many slots were filled
    int receive() throws IOException {
        return port.socket().receive(batch, IDLE_MILLIS);
    }

    boolean carriesEsp() {
        return port.carriesEsp();
    }

    /// Lets the opener judge what was received; its IKE messages come back by `sink`.
    void open(EspOpener opener, SlotSink sink) {
        for (int slot = 0; slot < batch.count(); slot++) {
            sink.at(this, slot);
            opener.open(
                    batch.buffer(slot),
                    0,
                    batch.length(slot),
                    batch.segmentSize(slot),
                    batch.trafficClass(slot),
                    batch.peerHigh(slot),
                    batch.peerLow(slot),
                    batch.peerPort(slot));
        }
    }

    /// Receives one batch from a port without ESP and hands it to IKE, datagram by datagram.
    void pumpIke() throws IOException {
        receive();
        for (int slot = 0; slot < batch.count(); slot++) {
            int step = batch.segmentSize(slot);
            for (int at = 0; at < batch.length(slot); at += step) {
                int length = Math.min(step, batch.length(slot) - at);
                offer(slot, batch.buffer(slot), at, length, false);
            }
        }
    }

    private void offer(
            int slot, MemorySegment memory, long offset, int length, boolean nonEspMarker) {
        byte[] octets = memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        boolean taken =
                ike.offer(
                        batch.local(slot).toSocketAddress(),
                        batch.peer(slot).toSocketAddress(),
                        octets,
                        nonEspMarker);
        if (!taken) {
            dropped.setOpaque(dropped.getPlain() + 1);
        }
    }

    /// Takes the IKE messages that the opener finds, and knows which datagram it is looking at.
    static final class SlotSink implements IkeDatagramSink {
        private int slot;
        private @Nullable NetworkReader reader;

        void at(NetworkReader newReader, int newSlot) {
            reader = newReader;
            slot = newSlot;
        }

        @Override
        public void accept(MemorySegment memory, long offset, int length) {
            NetworkReader current = reader;
            if (current != null) {
                current.offer(slot, memory, offset, length, true);
            }
        }
    }
}
