package dev.postern.esp;

import dev.postern.crypto.PacketCipher;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLong;

/// The inbound half of an SA pair. The opener's thread uses it; the control thread reads the
/// counters and, after removal, leaves the closing to the opener's thread.
final class InboundSa {
    final int spi;
    final PacketCipher cipher;
    final boolean extendedSequenceNumbers;
    final ReplayWindow replay;

    /// Null in tunnel mode.
    final @Nullable TransportMode transport;

    private final Selector[] local;
    private final Selector[] remote;
    private final AtomicLong packets = new AtomicLong();
    private final AtomicLong octets = new AtomicLong();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong highestSequence = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /// Whether the peer's address may be reported again; the control plane rearms it.
    private volatile boolean reportsMoves = true;

    private volatile UdpPath path;

    InboundSa(EspSaParameters parameters, UdpPath path) {
        this.spi = parameters.inboundSpi();
        this.cipher = PacketCipher.of(parameters.algorithm(), parameters.inboundKey().expose());
        this.extendedSequenceNumbers = parameters.extendedSequenceNumbers();
        this.replay =
                new ReplayWindow(parameters.replayWindow(), parameters.sequences().inboundFloor());
        this.transport = parameters.transport();
        this.local = parameters.local().toArray(new Selector[0]);
        this.remote = parameters.remote().toArray(new Selector[0]);
        this.path = path;
        this.highestSequence.setPlain(parameters.sequences().inboundFloor());
    }

    /// RFC 4301 section 5.2, step 4: the packet must be one that the peer may send through this SA.
    boolean allows(InnerPacket packet) {
        for (Selector selector : remote) {
            if (selector.matchesSource(packet)) {
                for (Selector other : local) {
                    if (other.matchesDestination(packet)) {
                        return true;
                    }
                }
                return false;
            }
        }
        return false;
    }

    /// Marks and counts an authentic packet and says whether it is the SA's first.
    boolean markAuthentic(long sequence) {
        replay.mark(sequence);
        highestSequence.setOpaque(replay.top());
        long before = packets.getPlain();
        packets.setOpaque(before + 1);
        return before == 0;
    }

    void count(InnerPacket packet) {
        octets.setOpaque(octets.getPlain() + packet.length);
        if (!packet.isIcmpError()) {
            answers.setOpaque(answers.getPlain() + 1);
        }
    }

    /// Whether an authentic, newest packet from this source is news for the control plane. One
    /// report is outstanding at a time, whatever the source alternates between.
    boolean noticesMove(long high, long low, int port) {
        if (path.peer().is(high, low, port) || !reportsMoves) {
            return false;
        }
        reportsMoves = false;
        return true;
    }

    UdpPath path() {
        return path;
    }

    void path(UdpPath path) {
        this.path = path;
        this.reportsMoves = true;
    }

    void rearm() {
        reportsMoves = true;
    }

    /// A packet that the window does not take, from anybody.
    void countRefused() {
        refused.setOpaque(refused.getPlain() + 1);
    }

    long refused() {
        return refused.getOpaque();
    }

    long packets() {
        return packets.getOpaque();
    }

    long highestSequence() {
        return highestSequence.getOpaque();
    }

    /// Inner packets but for ICMP errors.
    long answers() {
        return answers.getOpaque();
    }

    long octets() {
        return octets.getOpaque();
    }
}
