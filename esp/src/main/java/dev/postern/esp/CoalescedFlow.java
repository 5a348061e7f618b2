package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// A train that is being put together: consecutive segments of one TCP connection, or consecutive
/// datagrams of one UDP flow, behind the headers of the first. Reused; one thread.
final class CoalescedFlow {
    private static final int LONGEST = 65_535;

    /// Of a frame: a virtio header, a packet, and what the last copy may exceed it by.
    static final int MEMORY = VirtioHeader.LENGTH + LONGEST + 3;

    private final MemorySegment memory;
    private boolean active;
    private int version;
    private int protocol;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;
    private int transportOffset;
    private int headerLength;
    private int segmentLength;
    private int length;
    private int segments;
    private int nextSequence;
    private boolean complete;

    CoalescedFlow(MemorySegment memory) {
        this.memory = memory;
    }

    boolean active() {
        return active;
    }

    /// No further segment may follow: the last was short or carried PSH.
    boolean complete() {
        return complete;
    }

    boolean carries(InnerPacket packet) {
        return active
                && packet.destinationLow == destinationLow
                && packet.sourceLow == sourceLow
                && packet.sourcePort == sourcePort
                && packet.destinationPort == destinationPort
                && packet.protocol == protocol
                && packet.version == version
                && packet.destinationHigh == destinationHigh
                && packet.sourceHigh == sourceHigh;
    }

    /// Starts a train with a packet that `Coalescer` found eligible.
    void start(MemorySegment from, long at, InnerPacket packet, int header) {
        MemorySegment.copy(from, at, memory, VirtioHeader.LENGTH, packet.length);
        active = true;
        version = packet.version;
        protocol = packet.protocol;
        sourceHigh = packet.sourceHigh;
        sourceLow = packet.sourceLow;
        destinationHigh = packet.destinationHigh;
        destinationLow = packet.destinationLow;
        sourcePort = packet.sourcePort;
        destinationPort = packet.destinationPort;
        transportOffset = packet.transportOffset;
        headerLength = header;
        length = packet.length;
        segmentLength = length - header;
        segments = 1;
        complete = false;
        if (protocol == InnerPacket.TCP) {
            nextSequence = Octets.i32(from, at + transportOffset + 4) + segmentLength;
            complete = hasPush(from, at);
        }
    }

    /// Appends a packet of this flow where it continues the train.
    ///
    /// @return false where it does not; the train is unchanged then
    boolean append(MemorySegment from, long at, InnerPacket packet, int header) {
        int payload = packet.length - header;
        if (complete
                || header != headerLength
                || payload > segmentLength
                || length + payload > LONGEST
                || !continuesIp(from, at)
                || (protocol == InnerPacket.TCP && !continuesTcp(from, at))) {
            return false;
        }
        MemorySegment.copy(from, at + header, memory, VirtioHeader.LENGTH + length, payload);
        length += payload;
        segments++;
        nextSequence += payload;
        complete = payload < segmentLength;
        if (protocol == InnerPacket.TCP && hasPush(from, at)) {
            long flags = VirtioHeader.LENGTH + transportOffset + 13L;
            Octets.put8(memory, flags, Octets.u8(memory, flags) | TcpFlags.PSH);
            complete = true;
        }
        return true;
    }

    private boolean hasPush(MemorySegment from, long at) {
        return (Octets.u8(from, at + transportOffset + 13) & TcpFlags.PSH) != 0;
    }

    private boolean continuesIp(MemorySegment from, long at) {
        long first = VirtioHeader.LENGTH;
        if (version == 6) {
            // Traffic class and flow label, then the hop limit.
            return Octets.i32(from, at) == Octets.i32(memory, first)
                    && Octets.u8(from, at + 7) == Octets.u8(memory, first + 7);
        }
        // TOS, the fragmentation word, TTL. Segmentation counts the identification up; that is
        // right where it was counted up, and does not matter under DF (RFC 6864 section 4.1).
        int fragmentation = Octets.u16(from, at + 6);
        int expected = (Octets.u16(memory, first + 4) + segments) & 0xffff;
        return Octets.u8(from, at + 1) == Octets.u8(memory, first + 1)
                && fragmentation == Octets.u16(memory, first + 6)
                && Octets.u8(from, at + 8) == Octets.u8(memory, first + 8)
                && ((fragmentation & 0x4000) != 0 || Octets.u16(from, at + 4) == expected);
    }

    private boolean continuesTcp(MemorySegment from, long at) {
        long tcp = at + transportOffset;
        long first = VirtioHeader.LENGTH + (long) transportOffset;
        int ignored = TcpFlags.PSH << 16;
        return Octets.i32(from, tcp + 4) == nextSequence
                && Octets.i32(from, tcp + 8) == Octets.i32(memory, first + 8)
                && (Octets.i32(from, tcp + 12) & ~ignored)
                        == (Octets.i32(memory, first + 12) & ~ignored)
                && MemorySegment.mismatch(
                                from,
                                tcp + 20,
                                at + headerLength,
                                memory,
                                first + 20,
                                VirtioHeader.LENGTH + (long) headerLength)
                        < 0;
    }

    /// Writes the train as one frame and is free again.
    void finish(TunFrameSink tun) {
        active = false;
        if (segments == 1) {
            VirtioHeader.writePlain(memory, 0);
        } else {
            writeHeaders();
        }
        tun.write(memory, 0, VirtioHeader.LENGTH + length);
    }

    private void writeHeaders() {
        long ip = VirtioHeader.LENGTH;
        long transport = ip + transportOffset;
        int transportLength = length - transportOffset;
        if (version == 4) {
            Octets.put16(memory, ip + 2, length);
            Octets.put16(memory, ip + 10, 0);
            long sum = InternetChecksum.add(0, memory, ip, transportOffset);
            Octets.put16(memory, ip + 10, InternetChecksum.finish(sum));
        } else {
            Octets.put16(memory, ip + 4, length - 40);
        }
        int pseudoHeader =
                InternetChecksum.fold(
                        InternetChecksum.pseudoHeader(
                                memory, ip, version, protocol, transportLength));
        int gsoType;
        int checksumOffset;
        if (protocol == InnerPacket.TCP) {
            gsoType = version == 4 ? VirtioHeader.GSO_TCPV4 : VirtioHeader.GSO_TCPV6;
            checksumOffset = 16;
        } else {
            gsoType = VirtioHeader.GSO_UDP;
            checksumOffset = 6;
            Octets.put16(memory, transport + 4, transportLength);
        }
        Octets.put16(memory, transport + checksumOffset, pseudoHeader);
        VirtioHeader.writeTrain(
                memory, 0, gsoType, headerLength, segmentLength, transportOffset, checksumOffset);
    }
}
