package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A super-packet becomes the packets that a host without offload would have sent.
class SegmentationTest {
    private static final int FIN_PSH_ACK_CWR = 0x01 | 0x08 | 0x10 | 0x80;

    @ParameterizedTest(name = "IPv6 {0}, {1} octets in segments of {2}")
    @CsvSource({
        "false, 65483, 1348",
        "true,  65463, 1328",
        "false, 2696,  1348",
        "false, 2697,  1348",
        "false, 100,   1348",
        "false, 1348,  1348",
        "true,  7777,  101",
        "false, 3000,  1",
    })
    void tcpTrains(boolean ipv6, int length, int size) {
        byte[] payload = Traffic.octets(length, length);
        int sequence = -1000;
        byte[] train = Traffic.tcp(ipv6, 0xfff0, sequence, FIN_PSH_ACK_CWR, payload);
        List<byte[]> expected = new ArrayList<>();
        for (int at = 0; at < length; at += size) {
            boolean last = at + size >= length;
            int flags = 0x10 | (at == 0 ? 0x80 : 0) | (last ? 0x09 : 0);
            byte[] part = Arrays.copyOfRange(payload, at, Math.min(length, at + size));
            int id = 0xfff0 + expected.size();
            expected.add(Traffic.tcp(ipv6, id, sequence + at, flags, part));
        }
        assertThat(Traffic.values(through(Traffic.train(train, ipv6 ? 4 : 1, size))))
                .isEqualTo(Traffic.values(expected));
    }

    @ParameterizedTest(name = "IPv6 {0}, {1} octets in datagrams of {2}")
    @CsvSource({"false, 60000, 1200", "true, 60001, 1200", "true, 1200, 1200", "false, 999, 2"})
    void udpTrains(boolean ipv6, int length, int size) {
        byte[] payload = Traffic.octets(length, length);
        List<byte[]> expected = new ArrayList<>();
        for (int at = 0; at < length; at += size) {
            byte[] part = Arrays.copyOfRange(payload, at, Math.min(length, at + size));
            expected.add(Traffic.udp(ipv6, 7 + expected.size(), 443, part));
        }
        byte[] train = Traffic.train(Traffic.udp(ipv6, 7, 443, payload), 5, size);
        assertThat(Traffic.values(through(train))).isEqualTo(Traffic.values(expected));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 31, 32, 33, 1001, 1200})
    void aChecksumThatWasLeftToTheDeviceIsCompleted(int length) {
        for (boolean ipv6 : new boolean[] {false, true}) {
            byte[] tcp = Traffic.tcp(ipv6, 1, 5, 0x18, Traffic.octets(length, length));
            byte[] udp = Traffic.udp(ipv6, 1, 53, Traffic.octets(length, length));
            assertThat(through(partial(tcp, 16))).containsExactly(tcp);
            assertThat(through(partial(udp, 6))).containsExactly(udp);
        }
    }

    /// Like a train, but one packet: gso_type 0.
    private static byte[] partial(byte[] packet, int checksumOffset) {
        byte[] frame = Traffic.train(packet, checksumOffset == 16 ? 1 : 5, 1);
        ByteBuffer.wrap(frame).put(1, (byte) 0).putShort(4, (short) 0);
        return frame;
    }

    private static List<byte[]> through(byte[] frame) {
        Tunnel tunnel = Tunnel.aesGcm();
        for (byte[] datagram : tunnel.sealFrame(frame)) {
            assertThat(tunnel.open(datagram)).isEqualTo(Verdict.OPENED);
        }
        return tunnel.packets;
    }
}
