package dev.postern.net;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/// An IP address and a UDP port in a form that compares and copies without touching an object.
///
/// An IPv4 address is held as its IPv4-mapped IPv6 form (RFC 4291 section 2.5.5.2): `high` is 0 and
/// `low` is `0x0000ffff_aabbccdd`. Immutable.
///
/// @param high the first eight octets of the address, big endian
/// @param low the last eight octets
/// @param port 0 to 65535; 0 where only the address matters
/// @param scope interface index of an IPv6 link-local address, else 0
public record Endpoint(long high, long low, int port, int scope) {
    static final int SOCKADDR_BYTES = 28;

    private static final long MAPPED = 0x0000_ffff_0000_0000L;
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong HALF =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    public Endpoint {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + " is not within 0 to 65535");
        }
    }

    public static Endpoint of(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            throw new IllegalArgumentException("the name " + address + " is not resolved");
        }
        return of(ip, address.getPort());
    }

    public static Endpoint of(InetAddress address, int port) {
        ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        return switch (address) {
            case Inet6Address six ->
                    new Endpoint(octets.getLong(), octets.getLong(), port, six.getScopeId());
            default -> ipv4(octets.getInt(), port);
        };
    }

    /// An IPv4 endpoint.
    ///
    /// @param address the four octets, big endian
    public static Endpoint ipv4(int address, int port) {
        return new Endpoint(0, mapped(address), port, 0);
    }

    static long mapped(int ipv4) {
        return MAPPED | Integer.toUnsignedLong(ipv4);
    }

    static boolean isIpv4(long high, long low) {
        return high == 0 && (low & 0xffff_ffff_0000_0000L) == MAPPED;
    }

    public boolean isIpv4() {
        return isIpv4(high, low);
    }

    /// The address without the port. Allocates.
    public InetAddress address() {
        try {
            if (isIpv4()) {
                return Inet4Address.getByAddress(ByteBuffer.allocate(4).putInt((int) low).array());
            }
            byte[] octets = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
            return scope == 0
                    ? InetAddress.getByAddress(octets)
                    : Inet6Address.getByAddress(null, octets, scope);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 octets are addresses", e);
        }
    }

    /// Allocates.
    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(address(), port);
    }

    public boolean hasAddressOf(Endpoint other) {
        return high == other.high && low == other.low;
    }

    public Endpoint withPort(int newPort) {
        return new Endpoint(high, low, newPort, scope);
    }

    int family() {
        return isIpv4() ? Linux.AF_INET : Linux.AF_INET6;
    }

    /// Writes a `sockaddr_in` or `sockaddr_in6`.
    ///
    /// @return its length
    int writeSockaddr(MemorySegment target, long offset) {
        target.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) family());
        target.set(PORT, offset + 2, (short) port);
        target.set(WORD, offset + 4, isIpv4() ? (int) low : 0);
        if (isIpv4()) {
            target.set(HALF, offset + 8, 0L);
            return 16;
        }
        target.set(HALF, offset + 8, high);
        target.set(HALF, offset + 16, low);
        target.set(ValueLayout.JAVA_INT_UNALIGNED, offset + 24, scope);
        return SOCKADDR_BYTES;
    }

    static Endpoint readSockaddr(MemorySegment source, long offset) {
        return new Endpoint(
                highOf(source, offset),
                lowOf(source, offset),
                portOf(source, offset),
                scopeOf(source, offset));
    }

    static boolean isIpv6Sockaddr(MemorySegment source, long offset) {
        return source.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset) == Linux.AF_INET6;
    }

    static long highOf(MemorySegment source, long offset) {
        return isIpv6Sockaddr(source, offset) ? source.get(HALF, offset + 8) : 0;
    }

    static long lowOf(MemorySegment source, long offset) {
        return isIpv6Sockaddr(source, offset)
                ? source.get(HALF, offset + 16)
                : mapped(source.get(WORD, offset + 4));
    }

    static int portOf(MemorySegment source, long offset) {
        return Short.toUnsignedInt(source.get(PORT, offset + 2));
    }

    static int scopeOf(MemorySegment source, long offset) {
        return isIpv6Sockaddr(source, offset)
                ? source.get(ValueLayout.JAVA_INT_UNALIGNED, offset + 24)
                : 0;
    }

    /// `192.0.2.1:500` or `[2001:db8::1]:500`, the address as the JDK prints it.
    @Override
    public String toString() {
        String address = Objects.requireNonNull(address().getHostAddress());
        return isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
    }
}
