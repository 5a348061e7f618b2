package dev.postern.gateway.dataplane;

import dev.postern.esp.EspSealer;
import dev.postern.esp.OutgoingBatch;
import dev.postern.esp.PathProbe;
import dev.postern.esp.SecurityAssociations;
import dev.postern.esp.VerdictCounters;
import dev.postern.net.TunDevice;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The sealer behind a lock, so that a TUN thread, a host's answers and an application's packets
/// may come from different threads.
final class SealingSide implements InnerDelivery.Return {
    /// Small enough to stay in a processor's cache from sealing to sending.
    private static final int OUTGOING_MEMORY = 1 << 18;

    private static final int LONGEST_FRAME = 65_546;
    private static final int IDLE_MILLIS = 500;

    /// After this many frames what is sealed goes out, even if more are waiting.
    private static final int FRAMES_AT_ONCE = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final VerdictCounters counters = new VerdictCounters();
    private final MemorySegment frame;
    private final TrainSender trains;
    private final EspSealer sealer;
    private final RefusedPackets refused = new RefusedPackets();

    SealingSide(
            SecurityAssociations associations,
            List<DataPlanePort> ports,
            int tcpMtu,
            boolean copiesDscp,
            Arena arena) {
        this.frame = arena.allocate(LONGEST_FRAME, 64);
        this.trains = new TrainSender(ports, arena);
        MemorySegment memory = arena.allocate(OUTGOING_MEMORY, 64);
        OutgoingBatch batch = new OutgoingBatch(memory, TrainSender.MOST_TRAINS, trains);
        this.sealer =
                new EspSealer(associations, counters, batch, tcpMtu, copiesDscp, refused, arena);
    }

    VerdictCounters counters() {
        return counters;
    }

    long sendFailures() {
        return trains.failures();
    }

    /// Reads frames until there are no more for now, seals and sends them. One thread.
    void pump(TunDevice device) throws IOException {
        int length = device.read(frame, 0, LONGEST_FRAME, IDLE_MILLIS);
        lock.lock();
        try {
            for (int frames = 1; length > 0; frames++) {
                sealer.sealFrame(frame, 0, length);
                length = frames < FRAMES_AT_ONCE ? device.read(frame, 0, LONGEST_FRAME, 0) : 0;
            }
            sealer.flush();
            sealer.closeRetired();
        } finally {
            lock.unlock();
        }
    }

    /// What senders inside are to be told since the last call.
    RefusedPackets refused() {
        return refused;
    }

    /// Sends a dummy packet that tries out what its path takes.
    void probe(PathProbe probe) {
        lock.lock();
        try {
            sealer.flush();
            trains.sendsWhole(true);
            sealer.sealProbe(probe);
            sealer.flush();
        } finally {
            trains.sendsWhole(false);
            lock.unlock();
        }
    }

    /// Seals and sends a packet of the application.
    void send(byte[] packet) {
        lock.lock();
        try {
            int length = Math.min(packet.length, LONGEST_FRAME);
            MemorySegment.copy(packet, 0, frame, ValueLayout.JAVA_BYTE, 0, length);
            sealer.sealPacket(frame, 0, length);
            sealer.flush();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void seal(MemorySegment memory, long offset, int length) {
        lock.lock();
        try {
            sealer.sealPacket(memory, offset, length);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void flush() {
        lock.lock();
        try {
            sealer.flush();
        } finally {
            lock.unlock();
        }
    }

    void closeRetired() {
        lock.lock();
        try {
            sealer.closeRetired();
        } finally {
            lock.unlock();
        }
    }
}
