package dev.postern.net;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Somebody on an Ethernet link who asks for an IPv4 address (RFC 826).
///
/// @param hardwareAddress of who asks
record ArpRequest(Inet4Address asked, Inet4Address asking, byte[] hardwareAddress) {
    static final int LENGTH = 28;

    private static final long ETHERNET_AND_IPV4_REQUEST = 0x0001_0800_0604_0001L;
    private static final int HARDWARE = 8;
    private static final int SENDER = 14;
    private static final int TARGET = 24;

    /// Null for anything else.
    static @Nullable ArpRequest parse(byte[] octets) {
        if (octets.length < LENGTH
                || ByteBuffer.wrap(octets).getLong() != ETHERNET_AND_IPV4_REQUEST) {
            return null;
        }
        return new ArpRequest(
                address(octets, TARGET),
                address(octets, SENDER),
                Arrays.copyOfRange(octets, HARDWARE, SENDER));
    }

    private static Inet4Address address(byte[] octets, int at) {
        try {
            return (Inet4Address) InetAddress.getByAddress(Arrays.copyOfRange(octets, at, at + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }

    /// The answer of a host with this hardware address.
    byte[] answer(byte[] own) {
        return Announcement.arpReply(asked, own, asking, hardwareAddress);
    }
}
