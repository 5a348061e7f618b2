package dev.postern.esp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/// An IPv4 or IPv6 address as two words, so that the packet path compares addresses without
/// objects. An IPv4 address stands in its IPv4-mapped form; `version` (4 or 6) tells it from an
/// IPv6 address with the same 128 bits.
public record IpAddress(int version, long high, long low) implements Comparable<IpAddress> {
    private static final long MAPPED = 0x0000_ffff_0000_0000L;

    public static IpAddress of(InetAddress address) {
        ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? ofIpv4(octets.getInt())
                : new IpAddress(6, octets.getLong(), octets.getLong());
    }

    public static IpAddress ofIpv4(int address) {
        return new IpAddress(4, 0, mapped(address));
    }

    /// The lower word of an IPv4 address in its mapped form; the upper word is 0.
    static long mapped(int ipv4) {
        return MAPPED | Integer.toUnsignedLong(ipv4);
    }

    /// 32 or 128.
    public int bits() {
        return version == 4 ? 32 : 128;
    }

    public InetAddress toInetAddress() {
        byte[] octets =
                version == 4
                        ? ByteBuffer.allocate(4).putInt((int) low).array()
                        : ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are addresses", e);
        }
    }

    @Override
    public int compareTo(IpAddress other) {
        return compare(high, low, other.high, other.low);
    }

    /// Compares two 128-bit addresses as unsigned numbers.
    static int compare(long high, long low, long otherHigh, long otherLow) {
        int upper = Long.compareUnsigned(high, otherHigh);
        return upper != 0 ? upper : Long.compareUnsigned(low, otherLow);
    }

    @Override
    public String toString() {
        return toInetAddress().getHostAddress();
    }
}
