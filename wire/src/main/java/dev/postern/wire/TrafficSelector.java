package dev.postern.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// One traffic selector, RFC 7296 section 3.13.1: a protocol (0 any), a port range and an address
/// range, both inclusive.
///
/// @param start 4 octets with type [#IPV4_RANGE], 16 with [#IPV6_RANGE]
public record TrafficSelector(
        int type, int protocol, int startPort, int endPort, Octets start, Octets end) {
    public static final int IPV4_RANGE = 7;
    public static final int IPV6_RANGE = 8;

    /// All ports and protocols of one address range.
    public static TrafficSelector range(InetAddress start, InetAddress end) {
        byte[] first = start.getAddress();
        return new TrafficSelector(
                first.length == 4 ? IPV4_RANGE : IPV6_RANGE,
                0,
                0,
                65535,
                Octets.of(first),
                Octets.of(end.getAddress()));
    }

    public static TrafficSelector host(InetAddress address) {
        return range(address, address);
    }

    /// The selector of `address/prefixLength`.
    ///
    /// @throws IllegalArgumentException where an address of this kind has no such prefix
    public static TrafficSelector subnet(InetAddress address, int prefixLength) {
        byte[] first = address.getAddress();
        if (prefixLength < 0 || prefixLength > first.length * 8) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " has no prefix of " + prefixLength + " bits");
        }
        byte[] last = first.clone();
        for (int bit = prefixLength; bit < first.length * 8; bit++) {
            int mask = 0x80 >>> (bit & 7);
            first[bit >>> 3] = (byte) (first[bit >>> 3] & ~mask);
            last[bit >>> 3] = (byte) (last[bit >>> 3] | mask);
        }
        return range(address(first), address(last));
    }

    public boolean isIpv4() {
        return type == IPV4_RANGE;
    }

    public InetAddress startAddress() {
        return address(start.array());
    }

    public InetAddress endAddress() {
        return address(end.array());
    }

    public boolean isSingleHost() {
        return start.equals(end);
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }

    @Override
    public String toString() {
        String addresses =
                isSingleHost()
                        ? startAddress().getHostAddress()
                        : startAddress().getHostAddress() + "-" + endAddress().getHostAddress();
        boolean anyPort = startPort == 0 && endPort == 65535;
        return addresses
                + (protocol == 0 ? "" : " protocol " + protocol)
                + (anyPort ? "" : " ports " + startPort + "-" + endPort);
    }
}
