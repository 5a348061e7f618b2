package dev.postern.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.nio.ByteBuffer;

/// The octets of ARP packets and unsolicited neighbour advertisements, from the network layer on.
final class Announcement {
    private static final int ARP_BYTES = 28;
    private static final int ARP_REQUEST = 1;
    private static final int ARP_REPLY = 2;

    private static final int IPV6_HEADER = 40;
    private static final int ADVERTISEMENT_BYTES = 32;
    private static final int CHECKSUM_AT = IPV6_HEADER + 2;
    private static final int ICMPV6 = 58;
    private static final int NEIGHBOUR_ADVERTISEMENT = 136;
    private static final int ROUTER = 1 << 31;
    private static final int OVERRIDE = 1 << 29;
    private static final byte[] ALL_NODES = {
        (byte) 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
    };

    private Announcement() {}

    /// Sender and target are the same address, the target's hardware address is zero (RFC 5227
    /// section 2.3).
    static byte[] arpRequest(Inet4Address address, byte[] hardwareAddress) {
        return arp(ARP_REQUEST, address, hardwareAddress, address, new byte[6]);
    }

    static byte[] arpReply(Inet4Address address, byte[] hardwareAddress) {
        return arpReply(address, hardwareAddress, address, hardwareAddress);
    }

    /// To one neighbour.
    static byte[] arpReply(
            Inet4Address address,
            byte[] hardwareAddress,
            Inet4Address neighbour,
            byte[] neighboursHardwareAddress) {
        return arp(ARP_REPLY, address, hardwareAddress, neighbour, neighboursHardwareAddress);
    }

    private static byte[] arp(
            int operation,
            Inet4Address address,
            byte[] sender,
            Inet4Address target,
            byte[] targetHardware) {
        return ByteBuffer.allocate(ARP_BYTES)
                .putShort((short) 1)
                .putShort((short) 0x0800)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) operation)
                .put(sender)
                .put(address.getAddress())
                .put(targetHardware)
                .put(target.getAddress())
                .array();
    }

    /// RFC 4861 section 4.4, with the target link-layer address option and hop limit 255.
    static byte[] neighbourAdvertisement(
            Inet6Address target, Inet6Address source, byte[] hardwareAddress, boolean isRouter) {
        ByteBuffer packet =
                ByteBuffer.allocate(IPV6_HEADER + ADVERTISEMENT_BYTES)
                        .putInt(6 << 28)
                        .putShort((short) ADVERTISEMENT_BYTES)
                        .put((byte) ICMPV6)
                        .put((byte) 255)
                        .put(source.getAddress())
                        .put(ALL_NODES)
                        .put((byte) NEIGHBOUR_ADVERTISEMENT)
                        .put((byte) 0)
                        .putShort((short) 0)
                        .putInt(OVERRIDE | (isRouter ? ROUTER : 0))
                        .put(target.getAddress())
                        .put((byte) 2)
                        .put((byte) 1)
                        .put(hardwareAddress);
        packet.putShort(CHECKSUM_AT, checksum(packet));
        return packet.array();
    }

    /// The Internet checksum over pseudo header and message (RFC 8200 section 8.1).
    private static short checksum(ByteBuffer packet) {
        int sum = ADVERTISEMENT_BYTES + ICMPV6;
        for (int at = 8; at < packet.capacity(); at += 2) {
            sum += Short.toUnsignedInt(packet.getShort(at));
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}
