package dev.postern.esp;

import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Builds and reads the few packets that a host without a TUN device sends by itself: ICMP echo
/// (RFC 792, RFC 4443) and UDP (RFC 768), over IPv4 or IPv6, as its addresses are.
public final class InnerPackets {
    private static final int HOP_LIMIT = 64;

    private InnerPackets() {}

    /// What an echo reply carries.
    public record EchoReply(IpAddress source, int identifier, int sequence, ByteBuffer payload) {}

    /// What a UDP packet carries.
    public record Datagram(
            IpAddress source,
            int sourcePort,
            IpAddress destination,
            int destinationPort,
            ByteBuffer payload) {}

    /// An echo request with an identifier and a sequence number of 16 bits each.
    public static byte[] echoRequest(
            InetAddress source,
            InetAddress destination,
            int identifier,
            int sequence,
            byte[] payload) {
        boolean ipv4 = source instanceof Inet4Address;
        ByteBuffer icmp = ByteBuffer.allocate(8 + payload.length);
        icmp.put((byte) (ipv4 ? 8 : 128)).put((byte) 0).putShort((short) 0);
        icmp.putShort((short) identifier).putShort((short) sequence).put(payload);
        int protocol = ipv4 ? InnerPacket.ICMP : InnerPacket.ICMPV6;
        return packet(source, destination, protocol, icmp.array(), 2);
    }

    /// What a router says of an IPv4 packet that it cannot forward: destination network unreachable
    /// (RFC 792), here in the name of that destination.
    public static byte[] unreachable(byte[] packet) {
        ByteBuffer inner = ByteBuffer.wrap(packet);
        int quoted = Math.min(packet.length, 28);
        ByteBuffer icmp = ByteBuffer.allocate(8 + quoted);
        icmp.put((byte) 3).position(8);
        icmp.put(packet, 0, quoted);
        InetAddress sender = IpAddress.ofIpv4(inner.getInt(12)).toInetAddress();
        InetAddress router = IpAddress.ofIpv4(inner.getInt(16)).toInetAddress();
        return packet(router, sender, InnerPacket.ICMP, icmp.array(), 2);
    }

    public static byte[] udp(
            InetAddress source,
            int sourcePort,
            InetAddress destination,
            int destinationPort,
            byte[] payload) {
        ByteBuffer udp = ByteBuffer.allocate(8 + payload.length);
        udp.putShort((short) sourcePort).putShort((short) destinationPort);
        udp.putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
        return packet(source, destination, InnerPacket.UDP, udp.array(), 6);
    }

    /// The echo reply that `packet` is, where it is one with a valid checksum.
    public static Optional<EchoReply> readEchoReply(byte[] packet) {
        MemorySegment memory = MemorySegment.ofArray(packet);
        InnerPacket inner = new InnerPacket();
        if (!inner.read(memory, 0, packet.length) || !isWhole(memory, inner)) {
            return Optional.empty();
        }
        int at = inner.transportOffset;
        boolean reply =
                inner.protocol == InnerPacket.ICMP
                        ? Octets.u16(memory, at) == 0
                        : inner.protocol == InnerPacket.ICMPV6
                                && Octets.u16(memory, at) == 129 << 8;
        return reply
                ? Optional.of(
                        new EchoReply(
                                inner.source(),
                                Octets.u16(memory, at + 4L),
                                Octets.u16(memory, at + 6L),
                                payload(packet, inner)))
                : Optional.empty();
    }

    /// The UDP datagram that `packet` is, where it is one with a valid checksum.
    public static Optional<Datagram> readUdp(byte[] packet) {
        MemorySegment memory = MemorySegment.ofArray(packet);
        InnerPacket inner = new InnerPacket();
        if (!inner.read(memory, 0, packet.length)
                || inner.protocol != InnerPacket.UDP
                || !isWhole(memory, inner)) {
            return Optional.empty();
        }
        return Optional.of(
                new Datagram(
                        inner.source(),
                        inner.sourcePort,
                        inner.destination(),
                        inner.destinationPort,
                        payload(packet, inner)));
    }

    private static boolean isWhole(MemorySegment memory, InnerPacket inner) {
        return !inner.fragment
                && inner.transportLength() >= 8
                && InProcessHost.checksum(memory, 0, inner) == 0;
    }

    /// What follows the 8 octets that the headers of echo and UDP both have.
    private static ByteBuffer payload(byte[] packet, InnerPacket inner) {
        int at = inner.transportOffset + 8;
        return ByteBuffer.wrap(packet, at, inner.length - at).slice().asReadOnlyBuffer();
    }

    private static byte[] packet(
            InetAddress source,
            InetAddress destination,
            int protocol,
            byte[] transport,
            int checksumOffset) {
        boolean ipv4 = source instanceof Inet4Address;
        if (ipv4 != destination instanceof Inet4Address) {
            throw new IllegalArgumentException(source + " and " + destination);
        }
        int header = ipv4 ? 20 : 40;
        ByteBuffer octets = ByteBuffer.allocate(header + transport.length);
        if (ipv4) {
            octets.put((byte) 0x45).put((byte) 0).putShort((short) octets.capacity());
            octets.putShort((short) 0).putShort((short) 0x4000);
            octets.put((byte) HOP_LIMIT).put((byte) protocol).putShort((short) 0);
        } else {
            octets.putInt(0x6000_0000).putShort((short) transport.length);
            octets.put((byte) protocol).put((byte) HOP_LIMIT);
        }
        octets.put(source.getAddress()).put(destination.getAddress()).put(transport);
        byte[] packet = octets.array();
        writeChecksums(packet, header + checksumOffset);
        return packet;
    }

    private static void writeChecksums(byte[] packet, int field) {
        MemorySegment memory = MemorySegment.ofArray(packet);
        InnerPacket inner = new InnerPacket();
        inner.read(memory, 0, packet.length);
        int checksum = InProcessHost.checksum(memory, 0, inner);
        boolean udp = inner.protocol == InnerPacket.UDP;
        Octets.put16(memory, field, udp && checksum == 0 ? 0xffff : checksum);
        if (inner.version == 4) {
            long sum = InternetChecksum.add(0, memory, 0, inner.transportOffset);
            Octets.put16(memory, 10, InternetChecksum.finish(sum));
        }
    }
}
