package dev.postern.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The ten octets in front of each packet of a TUN device with virtio headers: `virtio_net_hdr`,
/// integers in the order of the machine.
///
///     0 flags (1)  1 gso_type (1)  2 hdr_len (2)  4 gso_size (2)  6 csum_start (2)  8 csum_offset (2)
///
/// With NEEDS_CSUM the checksum field at `csum_start + csum_offset` of the packet holds the sum of the
/// pseudo header; who sends the packet on completes it over the octets from `csum_start`. With a GSO
/// type the packet is to be cut into datagrams or segments of `gso_size` octets of payload. Offsets
/// count from the first octet of the packet, behind this header.
public final class VirtioNetHeader {
    public static final int LENGTH = 10;

    public static final int FLAG_NEEDS_CSUM = 1;
    public static final int FLAG_DATA_VALID = 2;

    public static final int GSO_NONE = 0;
    public static final int GSO_TCPV4 = 1;
    public static final int GSO_TCPV6 = 4;

    /// UDP datagrams of equal size (USO), not fragments of one.
    public static final int GSO_UDP_L4 = 5;

    /// Set in the GSO type beside TCPV4 or TCPV6 where the first segment has the CWR flag.
    public static final int GSO_ECN = 0x80;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

    private VirtioNetHeader() {}

    public static int flags(MemorySegment buffer, long at) {
        return buffer.get(ValueLayout.JAVA_BYTE, at) & 0xff;
    }

    /// The type including [#GSO_ECN].
    public static int gsoType(MemorySegment buffer, long at) {
        return buffer.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff;
    }

    /// A hint: length of the headers that each segment repeats.
    public static int headerLength(MemorySegment buffer, long at) {
        return Short.toUnsignedInt(buffer.get(SHORT, at + 2));
    }

    public static int gsoSize(MemorySegment buffer, long at) {
        return Short.toUnsignedInt(buffer.get(SHORT, at + 4));
    }

    public static int checksumStart(MemorySegment buffer, long at) {
        return Short.toUnsignedInt(buffer.get(SHORT, at + 6));
    }

    public static int checksumOffset(MemorySegment buffer, long at) {
        return Short.toUnsignedInt(buffer.get(SHORT, at + 8));
    }

    /// The header of a complete packet that needs nothing: ten zeros.
    public static void writePlain(MemorySegment buffer, long at) {
        buffer.set(ValueLayout.JAVA_LONG_UNALIGNED, at, 0L);
        buffer.set(SHORT, at + 8, (short) 0);
    }

    /// The header of a packet that the kernel is to cut or whose checksum it is to complete.
    public static void write(
            MemorySegment buffer,
            long at,
            int flags,
            int gsoType,
            int headerLength,
            int gsoSize,
            int checksumStart,
            int checksumOffset) {
        buffer.set(ValueLayout.JAVA_BYTE, at, (byte) flags);
        buffer.set(ValueLayout.JAVA_BYTE, at + 1, (byte) gsoType);
        buffer.set(SHORT, at + 2, (short) headerLength);
        buffer.set(SHORT, at + 4, (short) gsoSize);
        buffer.set(SHORT, at + 6, (short) checksumStart);
        buffer.set(SHORT, at + 8, (short) checksumOffset);
    }
}
