package dev.postern.esp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;

/// Packets for tests, built without the code under test: every checksum is summed up octet by
/// octet.
final class Traffic {
    static final InetAddress CLIENT = address("10.7.0.2");
    static final InetAddress SERVER = address("192.168.5.1");
    static final InetAddress CLIENT6 = address("2001:db8:7::2");
    static final InetAddress SERVER6 = address("2001:db8:5::1");

    private Traffic() {}

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    /// Packets that compare by their octets.
    static List<ByteBuffer> values(List<byte[]> packets) {
        return packets.stream().map(ByteBuffer::wrap).toList();
    }

    static byte[] octets(long seed, int length) {
        byte[] octets = new byte[length];
        new Random(seed).nextBytes(octets);
        return octets;
    }

    /// A TCP segment with 12 octets of options.
    static byte[] tcp(boolean ipv6, int id, int sequence, int flags, byte[] payload) {
        return tcp(ipv6, id, sequence, 0x1234_5678, flags, 5001, payload);
    }

    static byte[] tcp(
            boolean ipv6, int id, int sequence, int ack, int flags, int port, byte[] payload) {
        ByteBuffer tcp = ByteBuffer.allocate(32 + payload.length);
        tcp.putShort((short) 40_000).putShort((short) port).putInt(sequence).putInt(ack);
        tcp.put((byte) 0x80).put((byte) flags).putShort((short) 501).putInt(0);
        tcp.putInt(0x0101_080a).putInt(0x1111_2222).putInt(0x3333_4444).put(payload);
        return ip(ipv6, id, 6, tcp.array(), 16);
    }

    static byte[] udp(boolean ipv6, int id, int port, byte[] payload) {
        ByteBuffer udp = ByteBuffer.allocate(8 + payload.length);
        udp.putShort((short) 40_000).putShort((short) port);
        udp.putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
        return ip(ipv6, id, 17, udp.array(), 6);
    }

    /// An IP packet with a transport checksum at `checksumOffset`.
    static byte[] ip(boolean ipv6, int id, int protocol, byte[] transport, int checksumOffset) {
        InetAddress source = ipv6 ? CLIENT6 : CLIENT;
        InetAddress destination = ipv6 ? SERVER6 : SERVER;
        int header = ipv6 ? 40 : 20;
        ByteBuffer packet = ByteBuffer.allocate(header + transport.length);
        if (ipv6) {
            packet.putInt(0x6000_0000).putShort((short) transport.length);
            packet.put((byte) protocol).put((byte) 63);
        } else {
            packet.putShort((short) 0x4500).putShort((short) packet.capacity());
            packet.putShort((short) id).putShort((short) 0x4000);
            packet.put((byte) 63).put((byte) protocol).putShort((short) 0);
        }
        packet.put(source.getAddress()).put(destination.getAddress()).put(transport);
        int checksum = transportChecksum(packet.array());
        packet.putShort(
                header + checksumOffset,
                (short) (checksum == 0 && protocol == 17 ? 0xffff : checksum));
        if (!ipv6) {
            packet.putShort(10, (short) (~sum(packet.array(), 0, 20, 0) & 0xffff));
        }
        return packet.array();
    }

    /// 0 for a packet whose transport checksum is right.
    static int transportChecksum(byte[] packet) {
        boolean ipv6 = packet[0] >>> 4 == 6;
        int header = ipv6 ? 40 : 20;
        int length = packet.length - header;
        int protocol = packet[ipv6 ? 6 : 9];
        int pseudo = sum(packet, ipv6 ? 8 : 12, ipv6 ? 32 : 8, 0);
        return ~sum(packet, header, length, pseudo + protocol + length) & 0xffff;
    }

    static int sum(byte[] octets, int offset, int length, int initial) {
        long sum = initial;
        for (int i = 0; i < length; i++) {
            int octet = octets[offset + i] & 0xff;
            sum += i % 2 == 0 ? (long) octet << 8 : octet;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    /// A frame without offload: ten octets of zero, then the packet.
    static byte[] frame(byte[] packet) {
        return frame(packet, 0, 0, 0, 0);
    }

    /// A frame whose packet stands for a train: with the pseudo header's sum as the checksum.
    static byte[] train(byte[] packet, int gsoType, int gsoSize) {
        boolean ipv6 = packet[0] >>> 4 == 6;
        boolean tcp = gsoType != 5;
        int header = ipv6 ? 40 : 20;
        int length = packet.length - header;
        int pseudo = sum(packet, ipv6 ? 8 : 12, ipv6 ? 32 : 8, (tcp ? 6 : 17) + length);
        byte[] partial = packet.clone();
        ByteBuffer.wrap(partial).putShort(header + (tcp ? 16 : 6), (short) pseudo);
        return frame(partial, gsoType, gsoSize, header, tcp ? 16 : 6);
    }

    static byte[] frame(
            byte[] packet, int gsoType, int gsoSize, int checksumStart, int checksumOffset) {
        ByteBuffer frame = ByteBuffer.allocate(10 + packet.length);
        frame.order(java.nio.ByteOrder.nativeOrder());
        frame.put((byte) (checksumStart > 0 ? 1 : 0)).put((byte) gsoType).putShort((short) 0);
        frame.putShort((short) gsoSize).putShort((short) checksumStart);
        frame.putShort((short) checksumOffset).put(packet);
        return frame.array();
    }
}
