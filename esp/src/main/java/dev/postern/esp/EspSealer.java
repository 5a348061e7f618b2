package dev.postern.esp;

import dev.postern.crypto.PacketCipher;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// Turns inner packets into ESP packets in UDP (RFC 4303 section 3.3, RFC 3948 section 3.4), each
/// sealed in the place from which it is sent. A super-packet becomes a train of equal datagrams.
/// Allocates nothing; one thread.
///
///     SPI | sequence number | IV | inner packet | padding | pad length | next header | ICV
///     `---- associated data     `----------------- sealed ------------------------'
///
/// In transport mode the inner packet's own IP header stays behind, and the next header is what it
/// named. DSCP and ECN of the inner header are the outer one's (`TrafficClass`).
///
/// The inner packet is forwarded as it is: TTL and fragmentation are the business of the host that
/// routes into the tunnel. Only the segment size that a TCP SYN offers is lowered (`TcpMss`), and a
/// packet that must not be fragmented and does not fit a path whose size is known goes back to its
/// sender (`PathMtu`, `PacketTooBig`).
public final class EspSealer {
    static final int HEADER_LENGTH = 8;
    static final int TEXT_OFFSET = HEADER_LENGTH + PacketCipher.IV_LENGTH;

    private static final int LONGEST_PACKET = 65_575;

    /// RFC 8200 section 5: nobody inside has to send less.
    private static final int LEAST_INNER_IPV6 = 1_280;

    private static final int NO_NEXT_HEADER = 59;

    private final SecurityAssociations associations;
    private final VerdictCounters counters;
    private final OutgoingBatch batch;
    private final SuperPacket packet = new SuperPacket();
    private final MemorySegment extendedAad;
    private final int clampedMtu;
    private final boolean copiesDscp;
    private final IcmpSink refused;
    private @Nullable MemorySegment whole;
    private @Nullable MemorySegment message;

    /// A sealer that leaves TCP as it is.
    ///
    /// @param memory for a few octets of scratch; native
    public EspSealer(
            SecurityAssociations associations,
            VerdictCounters counters,
            OutgoingBatch batch,
            SegmentAllocator memory) {
        this(associations, counters, batch, 0, true, (_, _, _) -> {}, memory);
    }

    /// @param clampedMtu octets of an inner packet for which TCP connections are made to fit; 0
    ///   leaves them as they are
    /// @param copiesDscp whether the network sees the DSCP of inner packets
    /// @param refused takes what senders inside are told
    /// @param memory for a few octets of scratch; native
    public EspSealer(
            SecurityAssociations associations,
            VerdictCounters counters,
            OutgoingBatch batch,
            int clampedMtu,
            boolean copiesDscp,
            IcmpSink refused,
            SegmentAllocator memory) {
        this.associations = associations;
        this.counters = counters;
        this.batch = batch;
        this.clampedMtu = clampedMtu;
        this.copiesDscp = copiesDscp;
        this.refused = refused;
        this.extendedAad = memory.allocate(16);
    }

    /// Seals a frame: a virtio header (`VirtioHeader`) and a packet or super-packet.
    public void sealFrame(MemorySegment memory, long offset, int length) {
        if (packet.readFrame(memory, offset, length)) {
            seal();
        } else {
            counters.count(Verdict.MALFORMED_OUTBOUND);
        }
    }

    /// Seals one complete packet.
    public void sealPacket(MemorySegment memory, long offset, int length) {
        if (packet.readPacket(memory, offset, length)) {
            seal();
        } else {
            counters.count(Verdict.MALFORMED_OUTBOUND);
        }
    }

    /// Sends what has been sealed so far.
    public void flush() {
        batch.flush();
    }

    /// Wipes the keys of removed SAs; to be called between packets, also when none come.
    public void closeRetired() {
        associations.retiredOutbound.close();
    }

    private void seal() {
        OutboundSa sa = associations.spd.select(packet.inner);
        if (sa == null) {
            counters.count(Verdict.NO_POLICY);
            return;
        }
        if (sa.isTransport && packet.inner.fragment) {
            counters.count(Verdict.FRAGMENT_IN_TRANSPORT_MODE);
            return;
        }
        UdpPath path = sa.path();
        int room = room(sa, path);
        if (packet.segmentLength(0) > room && packet.isWhole()) {
            counters.count(Verdict.TOO_BIG_FOR_PATH);
            tellSender(room);
            return;
        }
        int trafficClass = TrafficClass.outer(packet.trafficClass(), copiesDscp);
        for (int i = 0; i < packet.segments(); i++) {
            counters.count(sealSegment(sa, path, trafficClass, i));
        }
    }

    /// Octets of the longest inner packet that the path takes in one piece.
    private int room(OutboundSa sa, UdpPath path) {
        int mtu = path.mtu().innerMtu();
        if (mtu == PathMtu.UNKNOWN) {
            return mtu;
        }
        int room = sa.isTransport ? mtu + packet.inner.headerLength() : mtu;
        return packet.inner.version == 6 ? Math.max(room, LEAST_INNER_IPV6) : room;
    }

    private void tellSender(int mtu) {
        MemorySegment answer = message;
        if (answer == null) {
            answer = Arena.ofAuto().allocate(PacketTooBig.LONGEST, 8);
            message = answer;
        }
        MemorySegment first = whole();
        packet.write(0, first, 0);
        int length = PacketTooBig.write(first, packet.segmentLength(0), packet.inner, mtu, answer);
        if (length > 0) {
            refused.accept(answer, 0, length);
        }
    }

    /// The MTU for which a TCP connection is made to fit.
    private int tcpMtu(UdpPath path) {
        return tcpMtu(clampedMtu, path);
    }

    static int tcpMtu(int clampedMtu, UdpPath path) {
        return clampedMtu == 0 ? 0 : Math.min(clampedMtu, path.mtu().innerMtu());
    }

    /// Seals a dummy packet; it lies alone in the batch after the caller's [#flush] before.
    public void sealProbe(PathProbe probe) {
        Verdict readiness = probe.sa.readiness();
        if (readiness != Verdict.SEALED) {
            counters.count(readiness);
            return;
        }
        MemorySegment memory = batch.memory();
        long at = batch.append(probe.path, 0, probe.length);
        int text = probe.length - TEXT_OFFSET - PacketCipher.ICV_LENGTH;
        memory.asSlice(at + TEXT_OFFSET, text).fill((byte) 0);
        writeTrailer(memory, at + TEXT_OFFSET + text - 2, 0, NO_NEXT_HEADER);
        protect(probe.sa, memory, at, text);
        counters.count(Verdict.PATH_PROBE);
    }

    private Verdict sealSegment(OutboundSa sa, UdpPath path, int trafficClass, int index) {
        int header = sa.isTransport ? packet.inner.headerLength() : 0;
        int length = packet.segmentLength(index) - header;
        // RFC 4303 section 2.4: pad length and next header end on a 4-octet boundary.
        int text = (length + 2 + 3) & ~3;
        int total = TEXT_OFFSET + text + PacketCipher.ICV_LENGTH;
        if (total > OutgoingBatch.LONGEST_TRAIN) {
            return Verdict.TOO_LONG;
        }
        Verdict readiness = sa.readiness();
        if (readiness != Verdict.SEALED) {
            return readiness;
        }
        MemorySegment memory = batch.memory();
        long at = batch.append(path, trafficClass, total);
        int nextHeader = packet.inner.version == 4 ? 4 : 41;
        if (sa.isTransport) {
            MemorySegment scratch = whole();
            packet.write(index, scratch, 0);
            TcpMss.clamp(scratch, 0, packet.inner, tcpMtu(path));
            nextHeader = packet.inner.nextHeader(scratch, 0);
            MemorySegment.copy(scratch, header, memory, at + TEXT_OFFSET, length);
        } else {
            packet.write(index, memory, at + TEXT_OFFSET);
            TcpMss.clamp(memory, at + TEXT_OFFSET, packet.inner, tcpMtu(path));
        }
        writeTrailer(memory, at + TEXT_OFFSET + length, text - length - 2, nextHeader);
        protect(sa, memory, at, text);
        sa.count(length, packet.inner.isQuestion());
        path.mtu().sent(total);
        return Verdict.SEALED;
    }

    /// Numbers and seals what lies behind the ESP header at `at`.
    private void protect(OutboundSa sa, MemorySegment memory, long at, int text) {
        long sequence = sa.takeSequence();
        long iv = sa.takeIv();
        Octets.put32(memory, at, sa.spi);
        Octets.put32(memory, at + 4, (int) sequence);
        Octets.put64(memory, at + 8, iv);
        if (sa.extendedSequenceNumbers) {
            Octets.put32(extendedAad, 0, sa.spi);
            Octets.put64(extendedAad, 4, sequence);
            sa.cipher.seal(extendedAad, 0, 12, iv, memory, at + TEXT_OFFSET, text);
        } else {
            sa.cipher.seal(memory, at, HEADER_LENGTH, iv, memory, at + TEXT_OFFSET, text);
        }
    }

    /// Room for a packet with the header that it leaves behind.
    private MemorySegment whole() {
        MemorySegment memory = whole;
        if (memory == null) {
            memory = Arena.ofAuto().allocate(LONGEST_PACKET, 8);
            whole = memory;
        }
        return memory;
    }

    private static void writeTrailer(MemorySegment memory, long at, int padding, int nextHeader) {
        for (int i = 0; i < padding; i++) {
            Octets.put8(memory, at + i, i + 1);
        }
        Octets.put8(memory, at + padding, padding);
        Octets.put8(memory, at + padding + 1, nextHeader);
    }
}
