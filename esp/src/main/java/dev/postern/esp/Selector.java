package dev.postern.esp;

import java.net.InetAddress;

/// One side of a traffic selector (RFC 4301 section 4.4.1.1, RFC 7296 section 3.13.1): an address
/// range with a protocol and a port range.
///
/// @param start the lowest address; `end` the highest, of the same IP version
/// @param protocol an IP protocol number, or 0 for any
/// @param startPort 0 and `endPort` 65535 for any port; 65535 and 0 for OPAQUE: only packets whose
///   ports are not available. ICMP's type and code are a port of 16 bits.
public record Selector(IpAddress start, IpAddress end, int protocol, int startPort, int endPort) {
    public Selector {
        if (start.version() != end.version() || start.compareTo(end) > 0) {
            throw new IllegalArgumentException("not an address range: " + start + " to " + end);
        }
        boolean opaque = startPort == 0xffff && endPort == 0;
        if (protocol < 0 || protocol > 255) {
            throw new IllegalArgumentException("not a protocol: " + protocol);
        }
        if (startPort < 0 || endPort > 0xffff || (startPort > endPort && !opaque)) {
            throw new IllegalArgumentException("not a port range: " + startPort + "-" + endPort);
        }
    }

    /// Any protocol and port between two addresses.
    public static Selector range(InetAddress start, InetAddress end) {
        return new Selector(IpAddress.of(start), IpAddress.of(end), 0, 0, 0xffff);
    }

    /// Any protocol and port of one host.
    public static Selector host(InetAddress address) {
        return range(address, address);
    }

    /// Any protocol and port of a network; host bits of `network` are ignored.
    public static Selector network(InetAddress network, int prefixLength) {
        IpAddress address = IpAddress.of(network);
        if (prefixLength < 0 || prefixLength > address.bits()) {
            throw new IllegalArgumentException("not a prefix length: " + prefixLength);
        }
        Prefix prefix = Prefix.of(address, prefixLength);
        return new Selector(prefix.first(), prefix.last(), 0, 0, 0xffff);
    }

    public int version() {
        return start.version();
    }

    boolean matchesSource(InnerPacket packet) {
        return matches(packet, packet.sourceHigh, packet.sourceLow, packet.sourcePort);
    }

    boolean matchesDestination(InnerPacket packet) {
        return matches(
                packet, packet.destinationHigh, packet.destinationLow, packet.destinationPort);
    }

    private boolean matches(InnerPacket packet, long high, long low, int port) {
        return packet.version == start.version()
                && IpAddress.compare(high, low, start.high(), start.low()) >= 0
                && IpAddress.compare(high, low, end.high(), end.low()) <= 0
                && (protocol == 0 || protocol == packet.protocol)
                && matchesPort(packet.portsKnown, port);
    }

    /// RFC 4301 section 4.4.1.1: a packet whose ports are not available (a later fragment) matches
    /// only ANY and OPAQUE.
    private boolean matchesPort(boolean portsKnown, int port) {
        boolean any = startPort == 0 && endPort == 0xffff;
        if (any || !portsKnown) {
            return any || startPort > endPort;
        }
        return startPort <= port && port <= endPort;
    }
}
