package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// Lowers the maximum segment size that the two ends of an inner TCP connection tell each other to
/// what fits the tunnel, so that a connection does not depend on ICMP messages which many networks
/// drop (RFC 4459 section 3.2). Only segments with SYN are looked at; the option is never raised,
/// never added. The checksum is mended by the difference (RFC 1624), so that a wrong one stays
/// wrong.
final class TcpMss {
    private static final int SYN = 0x02;
    private static final int FLAGS_OFFSET = 13;
    private static final int CHECKSUM_OFFSET = 16;
    private static final int TCP_HEADER = 20;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int MAXIMUM_SEGMENT_SIZE = 2;
    private static final int SHORTEST_OPTION = 2;
    private static final int MSS_LENGTH = 4;

    private TcpMss() {}

    /// Clamps the packet that starts at `at`, where it is a SYN that asks for more.
    ///
    /// @param innerMtu octets of the largest packet inside the tunnel; 0 for no clamping
    static void clamp(MemorySegment memory, long at, InnerPacket packet, int innerMtu) {
        if (innerMtu == 0 || !isPlainTcp(packet)) {
            return;
        }
        long tcp = at + packet.transportOffset;
        if ((Octets.u8(memory, tcp + FLAGS_OFFSET) & SYN) == 0) {
            return;
        }
        int headerLength = (Octets.u8(memory, tcp + 12) >>> 4) * 4;
        // RFC 6691: options of either header do not lessen the value.
        int ipHeader = packet.version == 4 ? IPV4_HEADER : IPV6_HEADER;
        int limit = innerMtu - ipHeader - TCP_HEADER;
        if (headerLength <= packet.transportLength() && limit > 0) {
            clampOptions(memory, tcp, headerLength, limit);
        }
    }

    /// Behind an IPv6 extension header nothing is changed: it may be one that authenticates (RFC
    /// 4302).
    private static boolean isPlainTcp(InnerPacket packet) {
        return packet.protocol == InnerPacket.TCP
                && !packet.fragment
                && packet.transportLength() >= TCP_HEADER
                && (packet.version == 4 || packet.transportOffset == IPV6_HEADER);
    }

    /// RFC 9293 section 3.2. Options that do not parse are left for the receiver to judge.
    private static void clampOptions(MemorySegment memory, long tcp, int headerLength, int limit) {
        int option = TCP_HEADER;
        while (option + 1 < headerLength) {
            int kind = Octets.u8(memory, tcp + option);
            if (kind == END_OF_OPTIONS) {
                return;
            }
            if (kind == NO_OPERATION) {
                option++;
                continue;
            }
            int length = Octets.u8(memory, tcp + option + 1);
            if (length < SHORTEST_OPTION || option + length > headerLength) {
                return;
            }
            if (kind == MAXIMUM_SEGMENT_SIZE && length == MSS_LENGTH) {
                lower(memory, tcp, option + 2, limit);
            }
            option += length;
        }
    }

    private static void lower(MemorySegment memory, long tcp, int offset, int limit) {
        int before = Octets.u16(memory, tcp + offset);
        if (before <= limit) {
            return;
        }
        Octets.put16(memory, tcp + offset, limit);
        // Where the value does not lie on an even offset, its octets change places in the sum.
        boolean odd = (offset & 1) != 0;
        int old = odd ? swapped(before) : before;
        int fresh = odd ? swapped(limit) : limit;
        // RFC 1624, equation 3: HC' = ~(~HC + ~m + m')
        int sum = ~Octets.u16(memory, tcp + CHECKSUM_OFFSET) & 0xffff;
        sum += (~old & 0xffff) + fresh;
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        Octets.put16(memory, tcp + CHECKSUM_OFFSET, ~sum & 0xffff);
    }

    private static int swapped(int value) {
        return (value & 0xff) << 8 | value >>> 8;
    }
}
