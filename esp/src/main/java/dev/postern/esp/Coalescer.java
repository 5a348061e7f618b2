package dev.postern.esp;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/// Joins the segments that come out of the tunnel to super-packets, so that the kernel takes a
/// train of TCP segments in one write (generic receive offload). Only joins what a segmentation of
/// the result yields again: segments of one flow, in sequence, equal in everything but length of
/// the last, PSH on the last, and checksums, all of which have been verified. Everything else
/// passes as it is, and never overtakes its flow. One thread; what is pending goes out with
/// `flush`.
public final class Coalescer implements InnerPacketSink {
    private static final int FLOWS = 8;
    private static final int PLAIN_TCP = TcpFlags.ACK | TcpFlags.PSH | TcpFlags.ECE;

    private final CoalescedFlow[] flows = new CoalescedFlow[FLOWS];
    private final boolean joinsUdp;
    private final TunFrameSink tun;
    private int victim;

    /// @param memory for half a megabyte of native memory
    /// @param joinsUdp whether the device takes trains of UDP datagrams (TUN_F_USO4 and USO6)
    public Coalescer(SegmentAllocator memory, boolean joinsUdp, TunFrameSink tun) {
        for (int i = 0; i < FLOWS; i++) {
            flows[i] = new CoalescedFlow(memory.allocate(CoalescedFlow.MEMORY, 64));
        }
        this.joinsUdp = joinsUdp;
        this.tun = tun;
    }

    @Override
    public void deliver(MemorySegment memory, long offset, InnerPacket packet) {
        CoalescedFlow flow = find(packet);
        int header = headerLength(memory, offset, packet);
        if (header == 0) {
            if (flow != null) {
                flow.finish(tun);
            }
            pass(memory, offset, packet.length);
            return;
        }
        if (flow == null) {
            flow = free();
        } else if (flow.append(memory, offset, packet, header)) {
            if (flow.complete()) {
                flow.finish(tun);
            }
            return;
        } else {
            flow.finish(tun);
        }
        flow.start(memory, offset, packet, header);
        if (flow.complete()) {
            flow.finish(tun);
        }
    }

    /// Writes everything that is pending. To be called when there is nothing more to read.
    public void flush() {
        for (CoalescedFlow flow : flows) {
            if (flow.active()) {
                flow.finish(tun);
            }
        }
    }

    private void pass(MemorySegment memory, long offset, int length) {
        long frame = offset - VirtioHeader.LENGTH;
        VirtioHeader.writePlain(memory, frame);
        tun.write(memory, frame, VirtioHeader.LENGTH + length);
    }

    private @Nullable CoalescedFlow find(InnerPacket packet) {
        for (CoalescedFlow flow : flows) {
            if (flow.carries(packet)) {
                return flow;
            }
        }
        return null;
    }

    private CoalescedFlow free() {
        for (CoalescedFlow flow : flows) {
            if (!flow.active()) {
                return flow;
            }
        }
        CoalescedFlow flow = flows[victim];
        victim = (victim + 1) % FLOWS;
        flow.finish(tun);
        return flow;
    }

    /// Octets of IP and transport headers of a packet that may be part of a train, else 0.
    private int headerLength(MemorySegment memory, long offset, InnerPacket packet) {
        boolean plainIp = packet.transportOffset == (packet.version == 4 ? 20 : 40);
        if (!plainIp || packet.fragment || !packet.portsKnown) {
            return 0;
        }
        int transport =
                switch (packet.protocol) {
                    case InnerPacket.TCP -> tcpHeaderLength(memory, offset, packet);
                    case InnerPacket.UDP -> joinsUdp ? udpHeaderLength(memory, offset, packet) : 0;
                    default -> 0;
                };
        if (transport == 0 || packet.transportLength() <= transport) {
            return 0;
        }
        return hasValidChecksums(memory, offset, packet) ? packet.transportOffset + transport : 0;
    }

    private static int tcpHeaderLength(MemorySegment memory, long offset, InnerPacket packet) {
        if (packet.transportLength() < 20) {
            return 0;
        }
        long tcp = offset + packet.transportOffset;
        int length = (Octets.u8(memory, tcp + 12) >>> 4) * 4;
        int flags = Octets.u8(memory, tcp + 13);
        boolean plain = (flags & TcpFlags.ACK) != 0 && (flags & ~PLAIN_TCP) == 0;
        return length >= 20 && plain ? length : 0;
    }

    private static int udpHeaderLength(MemorySegment memory, long offset, InnerPacket packet) {
        long udp = offset + packet.transportOffset;
        boolean whole =
                packet.transportLength() >= 8
                        && Octets.u16(memory, udp + 4) == packet.transportLength();
        return whole && Octets.u16(memory, udp + 6) != 0 ? 8 : 0;
    }

    private static boolean hasValidChecksums(
            MemorySegment memory, long offset, InnerPacket packet) {
        if (packet.version == 4
                && InternetChecksum.finish(InternetChecksum.add(0, memory, offset, 20)) != 0) {
            return false;
        }
        int length = packet.transportLength();
        long sum =
                InternetChecksum.pseudoHeader(
                        memory, offset, packet.version, packet.protocol, length);
        sum = InternetChecksum.add(sum, memory, offset + packet.transportOffset, length);
        return InternetChecksum.finish(sum) == 0;
    }
}
