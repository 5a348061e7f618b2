package dev.postern.esp;

import java.lang.foreign.MemorySegment;

/// What the data plane reads of an IPv4 or IPv6 packet: its length, addresses, protocol and ports.
/// One instance is filled again for each packet; it is valid until the next `read`.
public final class InnerPacket {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMPV6 = 58;

    private static final int MULTICAST_IPV4 = 0xe;
    private static final int BROADCAST = 0xffff_ffff;
    private static final int MULTICAST_IPV6 = 0xff;
    private static final int DCCP = 33;
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;
    private static final int MOST_EXTENSION_HEADERS = 8;

    int version;

    /// Octets of the whole packet by its own account; what lies beyond is padding.
    int length;

    int protocol;

    /// Where the transport header starts, counted from the packet's start.
    int transportOffset;

    boolean fragment;
    boolean portsKnown;
    int sourcePort;
    int destinationPort;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;

    public int version() {
        return version;
    }

    public int length() {
        return length;
    }

    public int protocol() {
        return protocol;
    }

    public IpAddress source() {
        return new IpAddress(version, sourceHigh, sourceLow);
    }

    public IpAddress destination() {
        return new IpAddress(version, destinationHigh, destinationLow);
    }

    /// Whether its sender may hope for an answer: it goes to one host, and reports no error.
    boolean isQuestion() {
        boolean several =
                version == 4
                        ? (destinationLow >>> 28 & 0xf) == MULTICAST_IPV4
                                || (int) destinationLow == BROADCAST
                        : destinationHigh >>> 56 == MULTICAST_IPV6;
        return !several && !isIcmpError();
    }

    /// Whether it is an ICMP error (RFC 792, RFC 4443 section 2.1), as who cannot forward a packet
    /// sends it back.
    boolean isIcmpError() {
        if (!portsKnown) {
            return false;
        }
        int type = sourcePort >>> 8;
        return switch (protocol) {
            case ICMP -> type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
            case ICMPV6 -> type < 128;
            default -> false;
        };
    }

    /// Octets of the IP header without IPv6 extension headers.
    int headerLength() {
        return version == 4 ? transportOffset : 40;
    }

    /// What the IP header names as following it.
    int nextHeader(MemorySegment memory, long offset) {
        return Octets.u8(memory, offset + (version == 4 ? 9 : 6));
    }

    /// Octets of transport header and payload.
    int transportLength() {
        return length - transportOffset;
    }

    /// Fills the view from the octets at `offset`.
    ///
    /// @return false where they are not a well-formed packet
    public boolean read(MemorySegment memory, long offset, int available) {
        if (available < 20) {
            return false;
        }
        version = Octets.u8(memory, offset) >>> 4;
        boolean readable =
                switch (version) {
                    case 4 -> readIpv4(memory, offset, available);
                    case 6 -> available >= 40 && readIpv6(memory, offset, available);
                    default -> false;
                };
        if (readable) {
            readPorts(memory, offset);
        }
        return readable;
    }

    private boolean readIpv4(MemorySegment memory, long offset, int available) {
        int headerLength = (Octets.u8(memory, offset) & 0xf) * 4;
        length = Octets.u16(memory, offset + 2);
        if (headerLength < 20 || length < headerLength || length > available) {
            return false;
        }
        int fragmentation = Octets.u16(memory, offset + 6);
        fragment = (fragmentation & 0x3fff) != 0;
        portsKnown = (fragmentation & 0x1fff) == 0;
        protocol = Octets.u8(memory, offset + 9);
        transportOffset = headerLength;
        sourceHigh = 0;
        sourceLow = IpAddress.mapped(Octets.i32(memory, offset + 12));
        destinationHigh = 0;
        destinationLow = IpAddress.mapped(Octets.i32(memory, offset + 16));
        return true;
    }

    private boolean readIpv6(MemorySegment memory, long offset, int available) {
        length = 40 + Octets.u16(memory, offset + 4);
        if (length > available) {
            return false;
        }
        sourceHigh = Octets.i64(memory, offset + 8);
        sourceLow = Octets.i64(memory, offset + 16);
        destinationHigh = Octets.i64(memory, offset + 24);
        destinationLow = Octets.i64(memory, offset + 32);
        fragment = false;
        portsKnown = true;
        protocol = Octets.u8(memory, offset + 6);
        transportOffset = 40;
        return readExtensionHeaders(memory, offset);
    }

    /// RFC 8200 section 4. A packet with more of them than anybody sends is malformed.
    private boolean readExtensionHeaders(MemorySegment memory, long offset) {
        for (int i = 0; i <= MOST_EXTENSION_HEADERS; i++) {
            if (!isExtensionHeader(protocol) || !portsKnown) {
                return true;
            }
            if (transportOffset + 8 > length) {
                return false;
            }
            int units = Octets.u8(memory, offset + transportOffset + 1);
            int headerLength;
            if (protocol == 44) {
                headerLength = 8;
                int fragmentation = Octets.u16(memory, offset + transportOffset + 2);
                fragment = (fragmentation & 0xfff9) != 0;
                portsKnown = (fragmentation & 0xfff8) == 0;
            } else {
                headerLength = protocol == 51 ? (units + 2) * 4 : (units + 1) * 8;
            }
            protocol = Octets.u8(memory, offset + transportOffset);
            transportOffset += headerLength;
            if (transportOffset > length) {
                return false;
            }
        }
        return false;
    }

    /// Hop-by-hop options, routing, fragment, authentication header, destination options.
    private static boolean isExtensionHeader(int protocol) {
        return switch (protocol) {
            case 0, 43, 44, 51, 60 -> true;
            default -> false;
        };
    }

    private void readPorts(MemorySegment memory, long offset) {
        long at = offset + transportOffset;
        portsKnown = portsKnown && transportLength() >= 4;
        if (!portsKnown) {
            sourcePort = 0;
            destinationPort = 0;
            return;
        }
        switch (protocol) {
            case TCP, UDP, DCCP, SCTP, UDP_LITE -> {
                sourcePort = Octets.u16(memory, at);
                destinationPort = Octets.u16(memory, at + 2);
            }
            case ICMP, ICMPV6 -> {
                // RFC 7296 section 3.13.1: type and code are one 16-bit port.
                sourcePort = Octets.u16(memory, at);
                destinationPort = sourcePort;
            }
            default -> {
                portsKnown = false;
                sourcePort = 0;
                destinationPort = 0;
            }
        }
    }
}
