package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

class InProcessHostTest {
    private static final InProcessHost HOST =
            new InProcessHost(
                    List.of(Selector.host(Traffic.SERVER), Selector.host(Traffic.SERVER6)));
    private static final byte[] PAYLOAD = Traffic.octets(9, 57);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEchoRequestIsAnswered(boolean ipv6) {
        InetAddress client = ipv6 ? Traffic.CLIENT6 : Traffic.CLIENT;
        InetAddress server = ipv6 ? Traffic.SERVER6 : Traffic.SERVER;
        byte[] request = InnerPackets.echoRequest(client, server, 0xfeed, 0xffff, PAYLOAD);
        assertThat(InnerPackets.readEchoReply(request)).isEmpty();
        byte[] reply = answer(request).orElseThrow();
        assertThat(InnerPackets.readEchoReply(reply))
                .contains(
                        new InnerPackets.EchoReply(
                                IpAddress.of(server), 0xfeed, 0xffff, ByteBuffer.wrap(PAYLOAD)));
        if (!ipv6) {
            assertThat(Traffic.sum(reply, 0, 20, 0)).isEqualTo(0xffff);
            assertThat(Traffic.sum(reply, 20, reply.length - 20, 0)).isEqualTo(0xffff);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDatagramToTheEchoPortComesBack(boolean ipv6) {
        InetAddress client = ipv6 ? Traffic.CLIENT6 : Traffic.CLIENT;
        InetAddress server = ipv6 ? Traffic.SERVER6 : Traffic.SERVER;
        byte[] request = InnerPackets.udp(client, 40_000, server, 7, PAYLOAD);
        assertThat(Traffic.transportChecksum(request)).isZero();
        byte[] reply = answer(request).orElseThrow();
        assertThat(Traffic.transportChecksum(reply)).isZero();
        assertThat(InnerPackets.readUdp(reply))
                .contains(
                        new InnerPackets.Datagram(
                                IpAddress.of(server),
                                7,
                                IpAddress.of(client),
                                40_000,
                                ByteBuffer.wrap(PAYLOAD)));
    }

    @Test
    void everythingElseIsIgnored() {
        assertThat(answer(Traffic.udp(false, 1, 8, PAYLOAD))).as("another port").isEmpty();
        assertThat(answer(Traffic.tcp(false, 1, 1, 1, 2, 7, PAYLOAD))).as("TCP").isEmpty();
        byte[] loop = InnerPackets.udp(Traffic.CLIENT, 7, Traffic.SERVER, 7, PAYLOAD);
        assertThat(answer(loop)).as("two echo ports would never stop").isEmpty();
        byte[] other =
                InnerPackets.udp(Traffic.CLIENT, 9, Traffic.address("192.168.5.2"), 7, PAYLOAD);
        assertThat(answer(other)).as("another host").isEmpty();
        byte[] corrupt = InnerPackets.udp(Traffic.CLIENT, 9, Traffic.SERVER, 7, PAYLOAD);
        corrupt[30] ^= 1;
        assertThat(answer(corrupt)).as("a wrong checksum").isEmpty();
        byte[] fragment = InnerPackets.udp(Traffic.CLIENT, 9, Traffic.SERVER, 7, PAYLOAD);
        fragment[6] = 0x20;
        assertThat(answer(fragment)).as("a fragment").isEmpty();
        byte[] echo = InnerPackets.echoRequest(Traffic.CLIENT, Traffic.SERVER, 1, 1, PAYLOAD);
        assertThat(answer(answer(echo).orElseThrow())).as("an answer").isEmpty();
    }

    private static Optional<byte[]> answer(byte[] packet) {
        byte[] octets = packet.clone();
        MemorySegment memory = MemorySegment.ofArray(octets);
        InnerPacket inner = new InnerPacket();
        assertThat(inner.read(memory, 0, octets.length)).isTrue();
        return HOST.answer(memory, 0, inner) ? Optional.of(octets) : Optional.empty();
    }
}
