package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// A packet as a TUN device hands it out: whole, with a checksum still to be completed, or a train
/// of up to 64 KB that stands for many TCP segments or UDP datagrams. Cuts it into packets that are
/// valid on their own. One instance is filled again for each packet.
final class SuperPacket {
    final InnerPacket inner = new InnerPacket();
    private MemorySegment memory = MemorySegment.NULL;
    private long offset;
    private int gsoType;
    private int gsoSize;
    private int headerLength;
    private int segments;
    private boolean completesChecksum;
    private int checksumStart;
    private int checksumOffset;

    /// Takes a frame: a virtio header and a packet.
    boolean readFrame(MemorySegment frame, long frameOffset, int length) {
        if (length < VirtioHeader.LENGTH
                || !readPacket(
                        frame, frameOffset + VirtioHeader.LENGTH, length - VirtioHeader.LENGTH)) {
            return false;
        }
        gsoType = VirtioHeader.gsoType(frame, frameOffset);
        if (gsoType != VirtioHeader.GSO_NONE) {
            return readTrain(VirtioHeader.gsoSize(frame, frameOffset));
        }
        if (!VirtioHeader.needsChecksum(frame, frameOffset)) {
            return true;
        }
        completesChecksum = true;
        checksumStart = VirtioHeader.checksumStart(frame, frameOffset);
        checksumOffset = VirtioHeader.checksumOffset(frame, frameOffset);
        return checksumStart + checksumOffset + 2 <= inner.length;
    }

    /// Takes a packet that is complete.
    boolean readPacket(MemorySegment packets, long packetOffset, int length) {
        memory = packets;
        offset = packetOffset;
        gsoType = VirtioHeader.GSO_NONE;
        completesChecksum = false;
        segments = 1;
        return inner.read(packets, packetOffset, length);
    }

    private boolean readTrain(int size) {
        gsoSize = size;
        if (gsoSize == 0 || inner.fragment) {
            return false;
        }
        int transportHeader =
                switch (gsoType) {
                    case VirtioHeader.GSO_TCPV4 -> inner.version == 4 ? tcpHeaderLength() : -1;
                    case VirtioHeader.GSO_TCPV6 -> inner.version == 6 ? tcpHeaderLength() : -1;
                    case VirtioHeader.GSO_UDP -> inner.protocol == InnerPacket.UDP ? 8 : -1;
                    default -> -1;
                };
        headerLength = inner.transportOffset + transportHeader;
        if (transportHeader < 8 || headerLength > inner.length) {
            return false;
        }
        int payload = inner.length - headerLength;
        segments = Math.max(1, (payload + gsoSize - 1) / gsoSize);
        return true;
    }

    private int tcpHeaderLength() {
        if (inner.protocol != InnerPacket.TCP || inner.transportLength() < 20) {
            return -1;
        }
        int length = (Octets.u8(memory, offset + inner.transportOffset + 12) >>> 4) * 4;
        return length < 20 ? -1 : length;
    }

    /// DSCP and ECN.
    int trafficClass() {
        return TrafficClass.of(memory, offset, inner.version);
    }

    int segments() {
        return segments;
    }

    /// Whether nobody on the way may fragment it.
    boolean isWhole() {
        return inner.version == 6 || (Octets.u16(memory, offset + 6) & 0x4000) != 0;
    }

    /// Octets of the packet with this index.
    int segmentLength(int index) {
        return gsoType == VirtioHeader.GSO_NONE
                ? inner.length
                : headerLength + payloadLength(index);
    }

    private int payloadLength(int index) {
        return Math.min(gsoSize, inner.length - headerLength - index * gsoSize);
    }

    /// Writes the packet with this index, `segmentLength` octets.
    void write(int index, MemorySegment target, long at) {
        if (gsoType == VirtioHeader.GSO_NONE) {
            MemorySegment.copy(memory, offset, target, at, inner.length);
            if (completesChecksum) {
                completeChecksum(target, at);
            }
            return;
        }
        int payload = payloadLength(index);
        long payloadOffset = offset + headerLength + (long) index * gsoSize;
        MemorySegment.copy(memory, offset, target, at, headerLength);
        MemorySegment.copy(memory, payloadOffset, target, at + headerLength, payload);
        writeIpHeader(index, target, at, headerLength + payload);
        if (gsoType == VirtioHeader.GSO_UDP) {
            writeUdpHeader(target, at, payload);
        } else {
            writeTcpHeader(index, target, at, payload);
        }
    }

    /// The field holds the pseudo header's sum already.
    private void completeChecksum(MemorySegment target, long at) {
        int covered = inner.length - checksumStart;
        long sum = InternetChecksum.add(0, target, at + checksumStart, covered);
        int checksum = InternetChecksum.finish(sum);
        boolean udp = inner.protocol == InnerPacket.UDP && checksumOffset == 6;
        Octets.put16(
                target, at + checksumStart + checksumOffset, udp ? neverZero(checksum) : checksum);
    }

    private void writeIpHeader(int index, MemorySegment target, long at, int length) {
        if (inner.version == 6) {
            Octets.put16(target, at + 4, length - 40);
            return;
        }
        Octets.put16(target, at + 2, length);
        Octets.put16(target, at + 4, Octets.u16(target, at + 4) + index);
        Octets.put16(target, at + 10, 0);
        long sum = InternetChecksum.add(0, target, at, inner.transportOffset);
        Octets.put16(target, at + 10, InternetChecksum.finish(sum));
    }

    /// The first segment alone keeps CWR (RFC 3168 section 6.1.2), the last alone FIN and PSH.
    private void writeTcpHeader(int index, MemorySegment target, long at, int payload) {
        long tcp = at + inner.transportOffset;
        Octets.put32(target, tcp + 4, Octets.i32(target, tcp + 4) + index * gsoSize);
        int flags = Octets.u8(target, tcp + 13);
        if (index > 0) {
            flags &= ~TcpFlags.CWR;
        }
        if (index < segments - 1) {
            flags &= ~(TcpFlags.FIN | TcpFlags.PSH);
        }
        Octets.put8(target, tcp + 13, flags);
        Octets.put16(target, tcp + 16, 0);
        Octets.put16(target, tcp + 16, transportChecksum(target, at, payload));
    }

    private void writeUdpHeader(MemorySegment target, long at, int payload) {
        long udp = at + inner.transportOffset;
        Octets.put16(target, udp + 4, 8 + payload);
        Octets.put16(target, udp + 6, 0);
        Octets.put16(target, udp + 6, neverZero(transportChecksum(target, at, payload)));
    }

    private int transportChecksum(MemorySegment target, long at, int payload) {
        int length = headerLength - inner.transportOffset + payload;
        long sum = InternetChecksum.pseudoHeader(target, at, inner.version, inner.protocol, length);
        return InternetChecksum.finish(
                InternetChecksum.add(sum, target, at + inner.transportOffset, length));
    }

    /// Zero means "no checksum" in UDP (RFC 768).
    private static int neverZero(int checksum) {
        return checksum == 0 ? 0xffff : checksum;
    }
}
