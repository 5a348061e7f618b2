package dev.postern.esp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The Internet checksum (RFC 1071). Partial sums are kept in the machine's byte order, which the
/// one's complement sum allows, and only the folded result is turned.
final class InternetChecksum {
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long LOW = 0xffff_ffffL;

    private InternetChecksum() {}

    /// Adds `length` octets to a partial sum. They count as if they began at an even offset.
    static long add(long partial, MemorySegment memory, long offset, int length) {
        long even = 0;
        long odd = 0;
        int wide = length & ~31;
        for (int i = 0; i < wide; i += 32) {
            long a = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + i);
            long b = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + i + 8);
            long c = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + i + 16);
            long d = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + i + 24);
            even += (a & LOW) + (b & LOW) + (c & LOW) + (d & LOW);
            odd += (a >>> 32) + (b >>> 32) + (c >>> 32) + (d >>> 32);
        }
        int i = wide;
        for (; i + 4 <= length; i += 4) {
            even += memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset + i) & LOW;
        }
        if (i + 2 <= length) {
            even += Octets.nativeU16(memory, offset + i);
            i += 2;
        }
        if (i < length) {
            even += number(Octets.u8(memory, offset + i) << 8);
        }
        return partial + even + odd;
    }

    /// Adds a 16-bit number, given in network byte order, to a partial sum.
    static long add(long partial, int number) {
        return partial + number(number);
    }

    /// The pseudo header of TCP, UDP and ICMPv6 (RFC 9293 section 3.1, RFC 8200 section 8.1).
    static long pseudoHeader(
            MemorySegment memory, long offset, int version, int protocol, int transportLength) {
        long addresses =
                version == 4 ? add(0, memory, offset + 12, 8) : add(0, memory, offset + 8, 32);
        return add(add(addresses, protocol), transportLength);
    }

    /// Folds a partial sum to 16 bits in network byte order, not complemented.
    static int fold(long partial) {
        long sum = (partial & LOW) + (partial >>> 32);
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        sum = (sum & 0xffff) + (sum >>> 16);
        return number((int) sum);
    }

    /// The checksum field's value.
    static int finish(long partial) {
        return ~fold(partial) & 0xffff;
    }

    private static int number(int value) {
        return LITTLE ? (value & 0xff) << 8 | (value >>> 8 & 0xff) : value & 0xffff;
    }
}
