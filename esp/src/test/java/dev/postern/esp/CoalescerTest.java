package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/// What the coalescer joins, segmentation takes apart again; what it may not join stays as it is.
class CoalescerTest {
    private static final int ACK = 0x10;
    private static final int PSH_ACK = 0x18;

    private final Arena arena = Arena.ofAuto();
    private final List<byte[]> frames = new ArrayList<>();
    private final Coalescer coalescer =
            new Coalescer(
                    arena,
                    true,
                    (memory, offset, length) -> frames.add(Tunnel.copy(memory, offset, length)));

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void consecutiveSegmentsBecomeOneFrame(boolean ipv6) {
        List<byte[]> segments = stream(ipv6, 20, 1000);
        deliver(segments);
        assertThat(frames).hasSize(1);
        ByteBuffer frame = ByteBuffer.wrap(frames.getFirst()).order(ByteOrder.nativeOrder());
        assertThat(frame.get(0)).isEqualTo((byte) 1);
        assertThat(frame.get(1)).isEqualTo((byte) (ipv6 ? 4 : 1));
        assertThat(frame.getShort(2)).isEqualTo((short) (ipv6 ? 72 : 52));
        assertThat(frame.getShort(4)).isEqualTo((short) 1000);
        assertThat(frame.getShort(6)).isEqualTo((short) (ipv6 ? 40 : 20));
        assertThat(frame.getShort(8)).isEqualTo((short) 16);
        assertThat(Traffic.values(cut(frames))).isEqualTo(Traffic.values(segments));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void consecutiveDatagramsBecomeOneFrame(boolean ipv6) {
        List<byte[]> datagrams = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            datagrams.add(Traffic.udp(ipv6, 5 + i, 443, Traffic.octets(i, i < 9 ? 1200 : 300)));
        }
        deliver(datagrams);
        assertThat(frames).hasSize(1);
        assertThat(Traffic.values(cut(frames))).isEqualTo(Traffic.values(datagrams));
    }

    @Test
    void aTrainEndsWithAShortSegmentAndWithPush() {
        List<byte[]> segments = new ArrayList<>();
        int sequence = 1;
        for (int length : new int[] {500, 500, 100, 500, 500, 500}) {
            int flags = segments.size() == 4 ? PSH_ACK : ACK;
            segments.add(
                    Traffic.tcp(
                            false, segments.size(), sequence, flags, Traffic.octets(1, length)));
            sequence += length;
        }
        deliver(segments);
        assertThat(frames).hasSize(3);
    }

    @Test
    void aTrainNeverExceedsWhatALengthFieldCanSay() {
        List<byte[]> segments = stream(false, 100, 1400);
        deliver(segments);
        assertThat(frames).hasSize(3).allSatisfy(f -> assertThat(f).hasSizeLessThan(65_546));
        assertThat(Traffic.values(cut(frames))).isEqualTo(Traffic.values(segments));
    }

    @Test
    void whateverDiffersIsNotJoined() {
        assertNotJoined(packet -> set(packet, 1, 0x02)); // TOS
        assertNotJoined(packet -> set(packet, 6, 0x00)); // DF
        assertNotJoined(packet -> set(packet, 8, 9)); // TTL
        assertNotJoined(packet -> set(packet, 27, 0x77)); // sequence number
        assertNotJoined(packet -> set(packet, 31, 0x77)); // acknowledgment
        assertNotJoined(packet -> set(packet, 33, 0x90)); // CWR
        assertNotJoined(packet -> set(packet, 33, 0x11)); // FIN
        assertNotJoined(packet -> set(packet, 33, 0x50)); // ECE
        assertNotJoined(packet -> set(packet, 35, 0x77)); // window
        assertNotJoined(packet -> set(packet, 50, 0x77)); // timestamp option
        assertNotJoined(packet -> set(packet, 22, 0x77)); // port
        assertNotJoined(packet -> set(packet, 15, 0x77)); // address
    }

    @Test
    void aSegmentWithAWrongChecksumPassesUnchanged() {
        List<byte[]> segments = stream(false, 3, 500);
        segments.get(1)[100] ^= 1;
        deliver(segments);
        assertThat(frames).hasSize(3);
        assertThat(packetOf(frames.get(1))).isEqualTo(segments.get(1));
    }

    @Test
    void datagramsWithoutDfAreJoinedOnlyWhileTheIdentificationCountsUp() {
        byte[] first = fixed(set(Traffic.udp(false, 5, 443, new byte[100]), 6, 0));
        byte[] second = fixed(set(Traffic.udp(false, 6, 443, new byte[100]), 6, 0));
        byte[] third = fixed(set(Traffic.udp(false, 9, 443, new byte[100]), 6, 0));
        deliver(List.of(first, second, third));
        assertThat(frames).hasSize(2);
        assertThat(Traffic.values(cut(frames)))
                .isEqualTo(Traffic.values(List.of(first, second, third)));
    }

    @Test
    void noPacketOvertakesItsFlow() {
        List<byte[]> segments = stream(false, 2, 500);
        byte[] fin = Traffic.tcp(false, 2, 1001, 0x11, new byte[0]);
        List<byte[]> all = List.of(segments.get(0), segments.get(1), fin);
        deliver(all);
        assertThat(frames).hasSize(2);
        assertThat(packetOf(frames.getLast())).isEqualTo(fin);
    }

    @Test
    void interleavedFlowsAreJoinedEachForItself() {
        List<byte[]> mixed = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            for (int port = 1; port <= 12; port++) {
                mixed.add(
                        Traffic.tcp(
                                false, i, i * 200, 1, ACK, port, Traffic.octets(port + i, 200)));
            }
        }
        deliver(mixed.stream().filter(p -> p[23] <= 8).toList());
        assertThat(frames).hasSize(8);
        frames.clear();
        deliver(mixed);
        for (int port = 1; port <= 12; port++) {
            byte wanted = (byte) port;
            assertThat(Traffic.values(cut(frames).stream().filter(p -> p[23] == wanted).toList()))
                    .isEqualTo(
                            Traffic.values(mixed.stream().filter(p -> p[23] == wanted).toList()));
        }
    }

    @Test
    void whatIsJoinedInAnyOrderComesOutAsItWentIn() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<byte[]> packets = new ArrayList<>();
            for (int flow = 0; flow < 3; flow++) {
                int sequence = random.nextInt();
                for (int i = 0; i < 12; i++) {
                    int length = random.nextInt(4) == 0 ? random.nextInt(300) : 300;
                    int flags = random.nextInt(6) == 0 ? PSH_ACK : ACK;
                    byte[] payload = Traffic.octets(random.nextInt(), length);
                    packets.add(Traffic.tcp(false, i, sequence, 1, flags, flow + 1, payload));
                    sequence += length;
                }
            }
            if (seed % 2 == 1) {
                Collections.shuffle(packets, random);
            }
            frames.clear();
            deliver(packets);
            for (byte flow = 1; flow <= 3; flow++) {
                byte wanted = flow;
                assertThat(Traffic.values(withoutId(cut(frames), wanted)))
                        .as("seed %d", seed)
                        .isEqualTo(Traffic.values(withoutId(packets, wanted)));
            }
        }
    }

    /// Identifications do not matter under DF; the header checksum follows them.
    private static List<byte[]> withoutId(List<byte[]> packets, byte flow) {
        return packets.stream()
                .filter(p -> p[23] == flow)
                .map(p -> set(set(set(set(p, 4, 0), 5, 0), 10, 0), 11, 0))
                .toList();
    }

    private void assertNotJoined(UnaryOperator<byte[]> change) {
        frames.clear();
        List<byte[]> segments = stream(false, 2, 500);
        byte[] changed = fixed(change.apply(segments.get(1)));
        deliver(List.of(segments.get(0), changed));
        assertThat(frames).hasSize(2);
        assertThat(Traffic.transportChecksum(changed)).isZero();
        assertThat(frames.stream().map(CoalescerTest::packetOf)).contains(changed);
    }

    private static List<byte[]> stream(boolean ipv6, int segments, int size) {
        List<byte[]> stream = new ArrayList<>();
        for (int i = 0; i < segments; i++) {
            int flags = i == segments - 1 ? PSH_ACK : ACK;
            stream.add(Traffic.tcp(ipv6, i, 1 + i * size, flags, Traffic.octets(i, size)));
        }
        return stream;
    }

    private static byte[] set(byte[] packet, int index, int value) {
        byte[] changed = packet.clone();
        changed[index] = (byte) value;
        return changed;
    }

    /// Both checksums made right again.
    private static byte[] fixed(byte[] packet) {
        ByteBuffer fixed = ByteBuffer.wrap(packet.clone());
        int field = 20 + (packet[9] == 6 ? 16 : 6);
        fixed.putShort(field, (short) 0).putShort(10, (short) 0);
        fixed.putShort(10, (short) ~Traffic.sum(fixed.array(), 0, 20, 0));
        fixed.putShort(field, (short) Traffic.transportChecksum(fixed.array()));
        return fixed.array();
    }

    private void deliver(List<byte[]> packets) {
        InnerPacket inner = new InnerPacket();
        for (byte[] packet : packets) {
            MemorySegment memory = arena.allocate(VirtioHeader.LENGTH + packet.length);
            MemorySegment.copy(
                    MemorySegment.ofArray(packet), 0, memory, VirtioHeader.LENGTH, packet.length);
            assertThat(inner.read(memory, VirtioHeader.LENGTH, packet.length)).isTrue();
            coalescer.deliver(memory, VirtioHeader.LENGTH, inner);
        }
        coalescer.flush();
    }

    private static byte[] packetOf(byte[] frame) {
        return Arrays.copyOfRange(frame, VirtioHeader.LENGTH, frame.length);
    }

    private List<byte[]> cut(List<byte[]> trains) {
        List<byte[]> packets = new ArrayList<>();
        SuperPacket train = new SuperPacket();
        for (byte[] frame : trains) {
            MemorySegment memory = arena.allocate(frame.length);
            MemorySegment.copy(MemorySegment.ofArray(frame), 0, memory, 0, frame.length);
            assertThat(train.readFrame(memory, 0, frame.length)).isTrue();
            for (int i = 0; i < train.segments(); i++) {
                MemorySegment packet = arena.allocate(train.segmentLength(i));
                train.write(i, packet, 0);
                packets.add(Tunnel.copy(packet, 0, train.segmentLength(i)));
            }
        }
        return packets;
    }
}
