package dev.postern.gateway.dataplane;

import dev.postern.esp.EspOpener;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.InnerPacket;
import dev.postern.esp.SecurityAssociations;
import dev.postern.esp.VerdictCounters;
import dev.postern.esp.VirtioHeader;
import dev.postern.esp.WaywardReport;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;

/// The opener behind a lock, for which the network threads take turns batch by batch.
final class OpeningSide {
    private final ReentrantLock lock = new ReentrantLock();
    private final VerdictCounters counters = new VerdictCounters();
    private final NetworkReader.SlotSink ikeMessages = new NetworkReader.SlotSink();
    private final InnerDelivery delivery;
    private final EspOpener opener;

    OpeningSide(
            SecurityAssociations associations,
            InnerDelivery delivery,
            InboundEvidence evidence,
            int tcpMtu,
            Arena arena) {
        this.delivery = delivery;
        this.opener =
                new EspOpener(
                        associations, counters, delivery, ikeMessages, evidence, tcpMtu, arena);
    }

    VerdictCounters counters() {
        return counters;
    }

    long refusals() {
        return delivery.refusals();
    }

    /// Hands a packet of our own to the inner side.
    void insert(byte[] packet) {
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(VirtioHeader.LENGTH + (long) packet.length, 8);
            MemorySegment.copy(
                    packet, 0, memory, ValueLayout.JAVA_BYTE, VirtioHeader.LENGTH, packet.length);
            InnerPacket inner = new InnerPacket();
            if (inner.read(memory, VirtioHeader.LENGTH, packet.length)) {
                delivery.deliver(memory, VirtioHeader.LENGTH, inner);
                delivery.finish();
            }
        } finally {
            lock.unlock();
        }
    }

    void reportWayward(WaywardReport report) {
        lock.lock();
        try {
            opener.reportWayward(report);
        } finally {
            lock.unlock();
        }
    }

    /// Receives one batch from a port that carries ESP, opens and delivers it.
    void pump(NetworkReader reader) throws IOException {
        reader.receive();
        int ikeSlots;
        lock.lock();
        try {
            reader.open(opener, ikeMessages);
            ikeSlots = ikeMessages.found();
            delivery.finish();
            opener.closeRetired();
        } finally {
            lock.unlock();
        }
        reader.rest(ikeSlots);
    }
}
