package dev.postern.esp;

import dev.postern.crypto.PacketCipher;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// Sorts what arrives on the port for IKE and ESP (RFC 3948 section 2) and opens the ESP packets in
/// place (RFC 4303 section 3.4). Allocates nothing for a packet; one thread. Nothing that a peer
/// sends makes it throw.
public final class EspOpener {
    private static final int SHORTEST = EspSealer.TEXT_OFFSET + 2 + PacketCipher.ICV_LENGTH;
    private static final int NO_NEXT_HEADER = 59;
    private static final int LONGEST_PACKET = 65_535;

    private final SecurityAssociations associations;
    private final VerdictCounters counters;
    private final InnerPacketSink packets;
    private final IkeDatagramSink ike;
    private final InboundEvidence evidence;
    private final MemorySegment extendedAad;
    private @Nullable MemorySegment restored;
    private final int clampedMtu;
    private final InnerPacket inner = new InnerPacket();
    private final WaywardPackets wayward = new WaywardPackets();

    /// An opener that leaves TCP as it is.
    ///
    /// @param memory for a few octets of scratch; native
    public EspOpener(
            SecurityAssociations associations,
            VerdictCounters counters,
            InnerPacketSink packets,
            IkeDatagramSink ike,
            InboundEvidence evidence,
            SegmentAllocator memory) {
        this(associations, counters, packets, ike, evidence, 0, memory);
    }

    /// @param clampedMtu octets of an inner packet for which TCP connections are made to fit; 0
    ///   leaves them as they are
    /// @param memory for a few octets of scratch; native
    public EspOpener(
            SecurityAssociations associations,
            VerdictCounters counters,
            InnerPacketSink packets,
            IkeDatagramSink ike,
            InboundEvidence evidence,
            int clampedMtu,
            SegmentAllocator memory) {
        this.associations = associations;
        this.counters = counters;
        this.packets = packets;
        this.ike = ike;
        this.evidence = evidence;
        this.clampedMtu = clampedMtu;
        this.extendedAad = memory.allocate(16);
    }

    /// Opens what one read yielded: one datagram, or a train of datagrams of `segmentLength` octets
    /// of which the last may be shorter (UDP_GRO).
    ///
    /// @param segmentLength 0 where the octets are one datagram
    /// @param trafficClass DSCP and ECN of the IP headers that they came under
    /// @param sourceHigh the sender's address as `IpAddress` holds it, with `sourceLow`
    public void open(
            MemorySegment memory,
            long offset,
            int length,
            int segmentLength,
            int trafficClass,
            long sourceHigh,
            long sourceLow,
            int sourcePort) {
        int step = segmentLength > 0 ? segmentLength : Math.max(1, length);
        for (int at = 0; at < length || at == 0; at += step) {
            int datagram = Math.min(step, length - at);
            counters.count(
                    openOne(
                            memory,
                            offset + at,
                            datagram,
                            trafficClass,
                            sourceHigh,
                            sourceLow,
                            sourcePort));
        }
    }

    /// Tells of packets since the last call for which there was no SA, a few at most; to be called
    /// between packets, every second or so.
    public void reportWayward(WaywardReport report) {
        wayward.report(report);
    }

    /// Wipes the keys of removed SAs; to be called between packets, also when none come.
    public void closeRetired() {
        associations.retiredInbound.close();
    }

    private Verdict openOne(
            MemorySegment memory,
            long at,
            int length,
            int trafficClass,
            long sourceHigh,
            long sourceLow,
            int sourcePort) {
        if (length == 1 && Octets.u8(memory, at) == 0xff) {
            return Verdict.KEEPALIVE;
        }
        if (length < 4) {
            return Verdict.TOO_SHORT;
        }
        int spi = Octets.i32(memory, at);
        if (spi == 0) {
            ike.accept(memory, at + 4, length - 4);
            return Verdict.IKE;
        }
        if (length < SHORTEST) {
            return Verdict.TOO_SHORT;
        }
        InboundSa sa = associations.sad.find(spi);
        if (sa == null) {
            wayward.note(spi, sourceHigh, sourceLow, sourcePort);
            return Verdict.UNKNOWN_SPI;
        }
        int low = Octets.i32(memory, at + 4);
        long sequence =
                sa.extendedSequenceNumbers ? sa.replay.infer(low) : Integer.toUnsignedLong(low);
        if (!sa.replay.accepts(sequence)) {
            sa.countRefused();
            return Verdict.REPLAYED;
        }
        int text = length - EspSealer.TEXT_OFFSET - PacketCipher.ICV_LENGTH;
        if (!verify(sa, memory, at, text, sequence)) {
            sa.countRefused();
            return Verdict.NOT_AUTHENTIC;
        }
        boolean newest = sequence > sa.replay.top();
        if (sa.markAuthentic(sequence)) {
            evidence.firstPacket(spi);
        }
        if (newest && sa.noticesMove(sourceHigh, sourceLow, sourcePort)) {
            report(spi, sourceHigh, sourceLow, sourcePort);
        }
        return deliver(sa, memory, at + EspSealer.TEXT_OFFSET, text, trafficClass);
    }

    private boolean verify(InboundSa sa, MemorySegment memory, long at, int text, long sequence) {
        long iv = Octets.i64(memory, at + EspSealer.HEADER_LENGTH);
        long textAt = at + EspSealer.TEXT_OFFSET;
        if (!sa.extendedSequenceNumbers) {
            return sa.cipher.open(memory, at, EspSealer.HEADER_LENGTH, iv, memory, textAt, text);
        }
        Octets.put32(extendedAad, 0, sa.spi);
        Octets.put64(extendedAad, 4, sequence);
        return sa.cipher.open(extendedAad, 0, 12, iv, memory, textAt, text);
    }

    private Verdict deliver(
            InboundSa sa, MemorySegment memory, long at, int text, int trafficClass) {
        int padding = Octets.u8(memory, at + text - 2);
        int length = text - 2 - padding;
        if (length < 0) {
            return Verdict.BAD_PADDING;
        }
        for (int i = 0; i < padding; i++) {
            if (Octets.u8(memory, at + length + i) != i + 1) {
                return Verdict.BAD_PADDING;
            }
        }
        int nextHeader = Octets.u8(memory, at + text - 1);
        if (nextHeader == NO_NEXT_HEADER) {
            return Verdict.DUMMY;
        }
        TransportMode transport = sa.transport;
        if (transport != null) {
            return restore(sa, transport, memory, at, length, nextHeader, trafficClass);
        }
        if (nextHeader != 4 && nextHeader != 41) {
            return Verdict.UNSUPPORTED_NEXT_HEADER;
        }
        // What follows the inner packet by its own length is traffic flow padding (section 2.7).
        if (!inner.read(memory, at, length) || (inner.version == 4) != (nextHeader == 4)) {
            return Verdict.MALFORMED_INNER;
        }
        if (!sa.allows(inner)) {
            return Verdict.SELECTOR_MISMATCH;
        }
        if (!TrafficClass.decapsulate(memory, at, inner, trafficClass)) {
            return Verdict.ILLEGAL_ECN;
        }
        TcpMss.clamp(memory, at, inner, EspSealer.tcpMtu(clampedMtu, sa.path()));
        sa.count(inner);
        packets.deliver(memory, at, inner);
        return Verdict.OPENED;
    }

    /// Puts a header in front of what came in transport mode. The header that it came under was its
    /// own, so DSCP and ECN are what that says.
    private Verdict restore(
            InboundSa sa,
            TransportMode transport,
            MemorySegment memory,
            long at,
            int length,
            int nextHeader,
            int trafficClass) {
        long start = VirtioHeader.LENGTH;
        int header = transport.headerLength();
        if (header + length > LONGEST_PACKET) {
            return Verdict.MALFORMED_INNER;
        }
        MemorySegment whole = restored();
        transport.writeHeader(whole, start, nextHeader, length, trafficClass);
        MemorySegment.copy(memory, at, whole, start + header, length);
        if (!inner.read(whole, start, header + length)) {
            return Verdict.MALFORMED_INNER;
        }
        if (!sa.allows(inner)) {
            return Verdict.SELECTOR_MISMATCH;
        }
        transport.mendChecksum(whole, start, inner);
        TcpMss.clamp(whole, start, inner, EspSealer.tcpMtu(clampedMtu, sa.path()));
        sa.count(inner);
        packets.deliver(whole, start, inner);
        return Verdict.OPENED;
    }

    /// Room for a packet with its header, and what may be written in front of it.
    private MemorySegment restored() {
        MemorySegment memory = restored;
        if (memory == null) {
            memory = Arena.ofAuto().allocate(VirtioHeader.LENGTH + (long) LONGEST_PACKET, 8);
            restored = memory;
        }
        return memory;
    }

    private void report(int spi, long high, long low, int port) {
        evidence.peerMoved(spi, endpoint(high, low, port));
    }

    static UdpEndpoint endpoint(long high, long low, int port) {
        // A socket for both versions shows IPv4 sources in mapped form.
        boolean mapped = high == 0 && low >>> 32 == 0xffff;
        return new UdpEndpoint(new IpAddress(mapped ? 4 : 6, high, low), port);
    }
}
