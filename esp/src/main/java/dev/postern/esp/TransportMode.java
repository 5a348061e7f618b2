package dev.postern.esp;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;

/// What stands in for the IP header that a packet leaves behind in transport mode (RFC 4303 section
/// 3.1.1): the two peers' addresses, as each of them has them. They differ where a NAT is between
/// them, and then so do the checksums that cover them (RFC 7296 section 2.23.1, RFC 3948 section
/// 3.1.2).
///
/// @param local our address, `remote` the peer's, as this host's packets have them
/// @param peersOwn the peer's address, `peersOurs` ours, as the peer's packets have them
public record TransportMode(
        IpAddress local, IpAddress remote, IpAddress peersOwn, IpAddress peersOurs) {
    static final int LONGEST_HEADER = 40;
    private static final int HOP_LIMIT = 64;
    private static final int DO_NOT_FRAGMENT = 0x4000;

    public TransportMode {
        if (local.version() != remote.version()
                || peersOwn.version() != local.version()
                || peersOurs.version() != local.version()) {
            throw new IllegalArgumentException("addresses of both IP versions in one header");
        }
    }

    public static TransportMode of(
            InetAddress local, InetAddress remote, InetAddress peersOwn, InetAddress peersOurs) {
        return new TransportMode(
                IpAddress.of(local),
                IpAddress.of(remote),
                IpAddress.of(peersOwn),
                IpAddress.of(peersOurs));
    }

    int headerLength() {
        return local.version() == 4 ? 20 : 40;
    }

    /// Writes the header of a packet that has come from the peer.
    ///
    /// @param trafficClass of the packet that it came in
    void writeHeader(MemorySegment memory, long at, int protocol, int payload, int trafficClass) {
        if (local.version() == 4) {
            Octets.put16(memory, at, 0x4500 | trafficClass);
            Octets.put16(memory, at + 2, 20 + payload);
            // Nobody fragments it any more, so its identification means nothing (RFC 6864).
            Octets.put32(memory, at + 4, DO_NOT_FRAGMENT);
            Octets.put16(memory, at + 8, HOP_LIMIT << 8 | protocol);
            Octets.put16(memory, at + 10, 0);
            Octets.put32(memory, at + 12, (int) remote.low());
            Octets.put32(memory, at + 16, (int) local.low());
            long sum = InternetChecksum.add(0, memory, at, 20);
            Octets.put16(memory, at + 10, InternetChecksum.finish(sum));
            return;
        }
        Octets.put32(memory, at, 0x6000_0000 | trafficClass << 20);
        Octets.put32(memory, at + 4, payload << 16 | protocol << 8 | HOP_LIMIT);
        Octets.put64(memory, at + 8, remote.high());
        Octets.put64(memory, at + 16, remote.low());
        Octets.put64(memory, at + 24, local.high());
        Octets.put64(memory, at + 32, local.low());
    }

    /// Makes a checksum that the peer has computed over its addresses one over ours, by the
    /// difference, so that a wrong one stays wrong (RFC 1624).
    void mendChecksum(MemorySegment memory, long at, InnerPacket packet) {
        if (peersOwn.equals(remote) && peersOurs.equals(local)) {
            return;
        }
        int field =
                switch (packet.protocol) {
                    case InnerPacket.TCP -> 16;
                    case InnerPacket.UDP -> 6;
                    case InnerPacket.ICMPV6 -> 2;
                    default -> -1;
                };
        if (field < 0 || packet.fragment || packet.transportLength() < field + 2) {
            return;
        }
        long checksumAt = at + packet.transportOffset + field;
        int checksum = Octets.u16(memory, checksumAt);
        boolean udp = packet.protocol == InnerPacket.UDP;
        if (udp && checksum == 0) {
            return;
        }
        // HC' = ~(~HC + ~m + m')
        long sum = ~checksum & 0xffff;
        sum += 0xffff - folded(words(peersOwn) + words(peersOurs));
        sum += folded(words(remote) + words(local));
        int mended = (int) (~folded(sum) & 0xffff);
        Octets.put16(memory, checksumAt, udp && mended == 0 ? 0xffff : mended);
    }

    private static long folded(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return folded;
    }

    private static long words(IpAddress address) {
        long low = address.low();
        if (address.version() == 4) {
            return (low >>> 16 & 0xffff) + (low & 0xffff);
        }
        return words(address.high()) + words(low);
    }

    private static long words(long half) {
        return (half >>> 48) + (half >>> 32 & 0xffff) + (half >>> 16 & 0xffff) + (half & 0xffff);
    }
}
