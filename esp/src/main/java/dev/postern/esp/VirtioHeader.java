package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// The 10 octets in front of each packet on a TUN device with IFF_VNET_HDR: struct virtio_net_hdr of
/// linux/virtio_net.h, in the machine's byte order. It says how far the checksum of a packet has
/// been left to the receiver and whether the packet stands for a train of equal segments.
///
///     flags (1) | gso_type (1) | hdr_len (2) | gso_size (2) | csum_start (2) | csum_offset (2)
public final class VirtioHeader {
    public static final int LENGTH = 10;

    static final int NEEDS_CHECKSUM = 1;

    static final int GSO_NONE = 0;
    static final int GSO_TCPV4 = 1;
    static final int GSO_TCPV6 = 4;
    static final int GSO_UDP = 5;
    private static final int GSO_ECN = 0x80;

    private VirtioHeader() {}

    static boolean needsChecksum(MemorySegment frame, long offset) {
        return (Octets.u8(frame, offset) & NEEDS_CHECKSUM) != 0;
    }

    static int gsoType(MemorySegment frame, long offset) {
        return Octets.u8(frame, offset + 1) & ~GSO_ECN;
    }

    static int gsoSize(MemorySegment frame, long offset) {
        return Octets.nativeU16(frame, offset + 4);
    }

    static int checksumStart(MemorySegment frame, long offset) {
        return Octets.nativeU16(frame, offset + 6);
    }

    static int checksumOffset(MemorySegment frame, long offset) {
        return Octets.nativeU16(frame, offset + 8);
    }

    /// A packet that is complete as it is.
    static void writePlain(MemorySegment frame, long offset) {
        Octets.put64(frame, offset, 0);
        Octets.put16(frame, offset + 8, 0);
    }

    /// A train of segments whose transport checksum is left to the receiver.
    static void writeTrain(
            MemorySegment frame,
            long offset,
            int gsoType,
            int headerLength,
            int gsoSize,
            int checksumStart,
            int checksumOffset) {
        Octets.put8(frame, offset, NEEDS_CHECKSUM);
        Octets.put8(frame, offset + 1, gsoType);
        Octets.putNative16(frame, offset + 2, headerLength);
        Octets.putNative16(frame, offset + 4, gsoSize);
        Octets.putNative16(frame, offset + 6, checksumStart);
        Octets.putNative16(frame, offset + 8, checksumOffset);
    }
}
