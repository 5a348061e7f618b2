package dev.postern.fuzz;

import dev.postern.esp.InnerPackets;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;
import dev.postern.wire.ResumptionFlags;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Seeds of what arrives on the ports, and of what the host behind hands in.
final class PacketSeeds {
    private static final int VERSION_OFFSET = 17;
    private static final int FIRST_PAYLOAD_OFFSET = 16;
    private static final int HEADER_LENGTH = 28;
    private static final int VIRTIO_HEADER_LENGTH = 10;
    private static final int IPV4 = 4;
    private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress THERE = InetAddress.ofLiteral("192.0.2.2");

    private PacketSeeds() {}

    /// @param messages those of an exchange, of which the first two are IKE_SA_INIT
    static void writeMessages(List<byte[]> messages) throws IOException {
        byte[] higher = messages.getFirst().clone();
        higher[VERSION_OFFSET] = 0x30;
        SeedRecorder.write(MessageFuzz.class, "aMessageOfAHigherVersion", "version-3", higher);
        String[] names = {"request", "response"};
        for (int i = 0; i < names.length; i++) {
            for (int kind = 0; kind < MessageFuzz.KINDS.size(); kind++) {
                byte[] message = messages.get(i);
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(kind);
                out.write(message[FIRST_PAYLOAD_OFFSET]);
                out.write(message, HEADER_LENGTH, message.length - HEADER_LENGTH);
                SeedRecorder.write(
                        MessageFuzz.class,
                        "aPayloadChain",
                        names[i] + "-" + kind,
                        out.toByteArray());
            }
        }
        List<GatewayList.Entry> gateways =
                List.of(
                        new GatewayList.Name("gw-b.example"),
                        new GatewayList.Address(Octets.of(HERE.getAddress()), 4500),
                        new GatewayList.Address(
                                Octets.of(InetAddress.ofLiteral("2001:db8::1").getAddress()), 500));
        byte[] list = GatewayList.encode(gateways).array();
        SeedRecorder.write(MessageFuzz.class, "aGatewayList", "of-three", list);
        byte[] both = new ResumptionFlags(true, true).encode().array();
        SeedRecorder.write(MessageFuzz.class, "resumptionFlags", "both", both);
    }

    /// The real thing with another tag: it is opened, and refused only then.
    static void writeEsp(byte[] ikeMessage) throws IOException {
        byte[] udp = InnerPackets.udp(THERE, 53, HERE, 4_711, text("an answer"));
        byte[] echo = InnerPackets.echoRequest(THERE, HERE, 7, 1, text("are you there"));
        byte[] forged = LastBit.turned(EspFuzz.sealed(inTunnel(udp)));
        port("another-tag", 0, forged);
        port("train-of-two", forged.length, forged, forged);
        port("keep-alive", 0, new byte[] {(byte) 0xff});
        port("ike", 0, ByteBuffer.allocate(4 + ikeMessage.length).put(4, ikeMessage).array());
        SeedRecorder.write(EspFuzz.class, "whatAnAuthenticPeerSeals", "udp", inTunnel(udp));
        SeedRecorder.write(EspFuzz.class, "whatAnAuthenticPeerSeals", "echo", inTunnel(echo));
        byte[] dummy = inTunnel(new byte[20]);
        dummy[dummy.length - 1] = 59;
        SeedRecorder.write(EspFuzz.class, "whatAnAuthenticPeerSeals", "dummy", dummy);
        byte[] request = InnerPackets.udp(HERE, 4_711, THERE, 53, text("a question"));
        SeedRecorder.write(EspFuzz.class, "whatTheHostHandsIn", "udp", request);
        byte[] frame = new byte[VIRTIO_HEADER_LENGTH + request.length];
        System.arraycopy(request, 0, frame, VIRTIO_HEADER_LENGTH, request.length);
        SeedRecorder.write(EspFuzz.class, "whatTheHostHandsIn", "frame", frame);
        SeedRecorder.write(EspFuzz.class, "anInnerPacket", "udp", udp);
        SeedRecorder.write(EspFuzz.class, "anInnerPacket", "echo-reply", reply(echo));
    }

    private static void port(String name, int segmentLength, byte[]... datagrams)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(segmentLength);
        for (byte[] datagram : datagrams) {
            out.writeBytes(datagram);
        }
        SeedRecorder.write(EspFuzz.class, "whatArrivesOnThePort", name, out.toByteArray());
    }

    /// The packet | padding | its length | the next header (RFC 4303 section 2).
    private static byte[] inTunnel(byte[] packet) {
        int padding = -(packet.length + 2) & 3;
        byte[] text = Arrays.copyOf(packet, packet.length + padding + 2);
        for (int i = 0; i < padding; i++) {
            text[packet.length + i] = (byte) (i + 1);
        }
        text[text.length - 2] = (byte) padding;
        text[text.length - 1] = IPV4;
        return text;
    }

    /// What the host makes of a request: an echo reply, whose checksum is 8 x 256 more.
    private static byte[] reply(byte[] request) {
        byte[] reply = request.clone();
        int icmp = (request[0] & 0xf) * 4;
        reply[icmp] = 0;
        int sum = Short.toUnsignedInt(ByteBuffer.wrap(request).getShort(icmp + 2)) + (8 << 8);
        ByteBuffer.wrap(reply).putShort(icmp + 2, (short) ((sum & 0xffff) + (sum >>> 16)));
        return reply;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
