package dev.postern.esp;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.PacketCipher;

import java.util.concurrent.atomic.AtomicLong;

/// The outbound half of an SA pair. The sealer's thread uses it; the control thread moves its path
/// and reads the counters and, after removal, leaves the closing to the sealer's thread.
final class OutboundSa {
    private static final long LAST_SHORT_SEQUENCE = 0xffff_ffffL;

    final int spi;
    final PacketCipher cipher;
    final boolean extendedSequenceNumbers;
    final boolean isTransport;
    private final IvPrefix ivPrefix;
    private final Selector[] local;
    private final Selector[] remote;
    private final AtomicLong sequence;
    private final AtomicLong advance = new AtomicLong();
    private final AtomicLong octets = new AtomicLong();
    private final AtomicLong questions = new AtomicLong();
    private final AtomicLong packets = new AtomicLong();
    private volatile UdpPath path;

    OutboundSa(EspSaParameters parameters, UdpPath path) {
        this.spi = parameters.outboundSpi();
        this.cipher = PacketCipher.of(parameters.algorithm(), parameters.outboundKey().expose());
        this.extendedSequenceNumbers = parameters.extendedSequenceNumbers();
        this.isTransport = parameters.transport() != null;
        this.ivPrefix = parameters.ivPrefix();
        this.local = parameters.local().toArray(new Selector[0]);
        this.remote = parameters.remote().toArray(new Selector[0]);
        this.path = path;
        this.sequence = new AtomicLong(parameters.sequences().lastOutbound());
    }

    /// For the tests of what happens where the numbers end.
    void startAt(long lastSequence, long nextCounter) {
        sequence.setPlain(lastSequence);
        packets.setPlain(nextCounter);
    }

    boolean allows(InnerPacket packet) {
        return anySource(packet) && anyDestination(packet);
    }

    private boolean anySource(InnerPacket packet) {
        for (Selector selector : local) {
            if (selector.matchesSource(packet)) {
                return true;
            }
        }
        return false;
    }

    private boolean anyDestination(InnerPacket packet) {
        for (Selector selector : remote) {
            if (selector.matchesDestination(packet)) {
                return true;
            }
        }
        return false;
    }

    /// `SEALED` where a number is left for one more packet, else why there is none.
    Verdict readiness() {
        if (!extendedSequenceNumbers
                && sequence.getPlain() + advance.getOpaque() >= LAST_SHORT_SEQUENCE) {
            return Verdict.SEQUENCE_EXHAUSTED;
        }
        return packets.getPlain() > IvPrefix.MAXIMUM_COUNTER
                ? Verdict.IV_EXHAUSTED
                : Verdict.SEALED;
    }

    /// The sequence number of the next packet, used up by this call; 1 for the first.
    long takeSequence() {
        // The common case costs no more than a read.
        long left = advance.getOpaque() == 0 ? 0 : advance.getAndSet(0);
        long next = sequence.getPlain() + left + 1;
        sequence.setOpaque(next);
        return next;
    }

    /// Leaves out sequence numbers: the peer has asked for it (RFC 6311 section 5.2).
    void advance(long delta) {
        advance.addAndGet(delta);
    }

    /// The explicit IV of the next packet, used up by this call.
    long takeIv() {
        long counter = packets.getPlain();
        packets.setOpaque(counter + 1);
        return ivPrefix.iv(counter);
    }

    void count(int length, boolean question) {
        octets.setOpaque(octets.getPlain() + length);
        if (question) {
            questions.setOpaque(questions.getPlain() + 1);
        }
    }

    UdpPath path() {
        return path;
    }

    void path(UdpPath path) {
        this.path = path;
    }

    /// Packets that were sealed here: each takes one IV.
    long packets() {
        return packets.getOpaque();
    }

    /// The last sequence number that was used.
    long sequence() {
        return sequence.getOpaque();
    }

    /// Inner packets that may be answered.
    long questions() {
        return questions.getOpaque();
    }

    long octets() {
        return octets.getOpaque();
    }
}
