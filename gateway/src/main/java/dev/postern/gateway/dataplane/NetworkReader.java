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
import java.util.concurrent.locks.LockSupport;

/// Receives from one socket. On a port that ESP uses the opener judges each datagram; on another
/// each datagram is an IKE message.
final class NetworkReader {
    /// Each 64 KB, touched as far as they are filled.
    private static final int SLOTS = 16;

    /// Also how long the keys of a removed SA may outlive it.
    private static final int IDLE_MILLIS = 500;

    /// A socket that fills so many of them is asked again at once.
    private static final int MANY_SLOTS = SLOTS / 2;

    /// A control plane with so much to do is not in a hurry for more.
    private static final long BUSY_NANOS = 100_000;

    /// So long packets of a Child SA may have to wait that come among IKE messages.
    private static final long REST_NANOS = 100_000;

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
        sink.begin();
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
        rest(batch.count());
    }

    /// Lets messages gather in the socket while the control plane is busy with those before, where
    /// nothing but IKE messages has come: each datagram that wakes this thread costs more than what
    /// it then does with it.
    ///
    /// @param ikeSlots how many slots of what was received last were found to hold IKE messages
    void rest(int ikeSlots) {
        int filled = batch.count();
        if (filled > 0 && filled == ikeSlots) {
            long nanos = restNanos(filled, ike.busyNanos());
            if (nanos > 0) {
                LockSupport.parkNanos(nanos);
            }
        }
    }

    static long restNanos(int filled, long busyNanos) {
        return filled >= MANY_SLOTS || busyNanos < BUSY_NANOS
                ? 0
                : Math.min(busyNanos / 2, REST_NANOS);
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
        private int lastFound;
        private int found;
        private @Nullable NetworkReader reader;

        /// A new batch begins.
        void begin() {
            lastFound = -1;
            found = 0;
        }

        /// How many slots of the batch held IKE messages.
        int found() {
            return found;
        }

        void at(NetworkReader newReader, int newSlot) {
            reader = newReader;
            slot = newSlot;
        }

        @Override
        public void accept(MemorySegment memory, long offset, int length) {
            NetworkReader current = reader;
            if (slot != lastFound) {
                lastFound = slot;
                found++;
            }
            if (current != null) {
                current.offer(slot, memory, offset, length, true);
            }
        }
    }
}
