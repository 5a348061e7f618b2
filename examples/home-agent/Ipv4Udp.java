import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// An IPv4 packet with UDP (RFC 791, RFC 768), as an application of the in-process endpoint builds
/// and reads it.
record Ipv4Udp(InetAddress source, InetAddress target, int from, int to, byte[] data) {
    private static final int HEADERS = 28;
    private static final int UDP = 17;

    /// Null for any other packet.
    static Ipv4Udp parse(byte[] packet) {
        if (packet.length < HEADERS || packet[0] != 0x45 || packet[9] != UDP) {
            return null;
        }
        try {
            ByteBuffer octets = ByteBuffer.wrap(packet);
            return new Ipv4Udp(
                    InetAddress.getByAddress(Arrays.copyOfRange(packet, 12, 16)),
                    InetAddress.getByAddress(Arrays.copyOfRange(packet, 16, 20)),
                    octets.getShort(20) & 0xffff,
                    octets.getShort(22) & 0xffff,
                    Arrays.copyOfRange(packet, HEADERS, packet.length));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    Ipv4Udp answer(byte[] answer) {
        return new Ipv4Udp(target, source, to, from, answer);
    }

    byte[] packet() {
        ByteBuffer octets = ByteBuffer.allocate(HEADERS + data.length);
        octets.put((byte) 0x45).put((byte) 0).putShort((short) octets.capacity());
        octets.putInt(0).put((byte) 64).put((byte) UDP).putShort((short) 0);
        octets.put(source.getAddress()).put(target.getAddress());
        octets.putShort(10, checksum(octets));
        octets.putShort((short) from).putShort((short) to);
        // No checksum over UDP: the SA protects it.
        octets.putShort((short) (8 + data.length)).putShort((short) 0).put(data);
        return octets.array();
    }

    private static short checksum(ByteBuffer header) {
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += header.getShort(i) & 0xffff;
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}
