package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// What a sender inside is told whose packet does not fit the path outside: "fragmentation needed"
/// (RFC 792, RFC 1191) and "packet too big" (RFC 4443 section 3.2). It comes in the name of the
/// packet's destination, which is where the way through the tunnel leads.
final class PacketTooBig {
    /// As much as fits into what every host takes (RFC 1812 section 4.3.2.3, RFC 4443 section 3.2).
    static final int LONGEST = 1_280;

    private static final int LONGEST_IPV4 = 576;
    private static final int ICMP_HEADER = 8;
    private static final int HOPS = 64;

    private PacketTooBig() {}

    /// Writes the message to the beginning of `target`.
    ///
    /// @param length octets of the packet that starts at 0 of `packet` and that `inner` shows
    /// @return its length; 0 where none may be sent (RFC 1122 section 3.2.2, RFC 4443 section 2.4)
    static int write(
            MemorySegment packet, int length, InnerPacket inner, int mtu, MemorySegment target) {
        if (isError(packet, inner) || !isAnswerable(packet, inner)) {
            return 0;
        }
        return inner.version == 4
                ? writeIpv4(packet, length, mtu, target)
                : writeIpv6(packet, length, mtu, target);
    }

    private static int writeIpv4(MemorySegment packet, int length, int mtu, MemorySegment target) {
        int quoted = Math.min(length, LONGEST_IPV4 - 20 - ICMP_HEADER);
        int total = 20 + ICMP_HEADER + quoted;
        Octets.put32(target, 0, 0x4500_0000 | total);
        Octets.put32(target, 4, 0x4000);
        Octets.put32(target, 8, HOPS << 24 | InnerPacket.ICMP << 16);
        Octets.put32(target, 12, Octets.i32(packet, 16));
        Octets.put32(target, 16, Octets.i32(packet, 12));
        Octets.put16(target, 10, InternetChecksum.finish(InternetChecksum.add(0, target, 0, 20)));
        Octets.put32(target, 20, 3 << 24 | 4 << 16);
        Octets.put32(target, 24, Math.min(mtu, 0xffff));
        MemorySegment.copy(packet, 0, target, 28, quoted);
        long sum = InternetChecksum.add(0, target, 20, ICMP_HEADER + quoted);
        Octets.put16(target, 22, InternetChecksum.finish(sum));
        return total;
    }

    private static int writeIpv6(MemorySegment packet, int length, int mtu, MemorySegment target) {
        int quoted = Math.min(length, LONGEST - 40 - ICMP_HEADER);
        int payload = ICMP_HEADER + quoted;
        Octets.put32(target, 0, 0x6000_0000);
        Octets.put32(target, 4, payload << 16 | InnerPacket.ICMPV6 << 8 | HOPS);
        MemorySegment.copy(packet, 24, target, 8, 16);
        MemorySegment.copy(packet, 8, target, 24, 16);
        Octets.put32(target, 40, 2 << 24);
        Octets.put32(target, 44, mtu);
        MemorySegment.copy(packet, 0, target, 48, quoted);
        long sum = InternetChecksum.pseudoHeader(target, 0, 6, InnerPacket.ICMPV6, payload);
        Octets.put16(
                target,
                42,
                InternetChecksum.finish(InternetChecksum.add(sum, target, 40, payload)));
        return 40 + payload;
    }

    /// An error about an error would never end.
    private static boolean isError(MemorySegment packet, InnerPacket inner) {
        if (inner.transportLength() < 1) {
            return false;
        }
        int type = Octets.u8(packet, inner.transportOffset);
        return switch (inner.protocol) {
            case InnerPacket.ICMP ->
                    type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
            case InnerPacket.ICMPV6 -> type < 128;
            default -> false;
        };
    }

    /// Whether it comes from one host and is the beginning of what it sends to one host.
    private static boolean isAnswerable(MemorySegment packet, InnerPacket inner) {
        if (inner.version == 6) {
            boolean nobody = inner.sourceHigh == 0 && inner.sourceLow == 0;
            return !nobody && Octets.u8(packet, 8) != 0xff && Octets.u8(packet, 24) != 0xff;
        }
        int source = Octets.u8(packet, 12);
        return (Octets.u16(packet, 6) & 0x1fff) == 0
                && source != 0
                && source != 127
                && source < 224
                && Octets.u8(packet, 16) < 224;
    }
}
