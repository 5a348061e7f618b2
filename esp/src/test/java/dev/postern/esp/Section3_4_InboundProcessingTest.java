package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.PacketCipher;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// RFC 4303 section 3.4 and RFC 3948 section 2.
class Section3_4_InboundProcessingTest {
    private static final byte[] PACKET = Traffic.udp(false, 1, 9, Traffic.octets(3, 90));
    private static final InetSocketAddress ELSEWHERE =
            new InetSocketAddress(Traffic.address("198.51.100.99"), 1024);

    @ParameterizedTest
    @EnumSource(names = {"AES_GCM_16_128", "AES_GCM_16_256", "CHACHA20_POLY1305"})
    void whatOneEndSealsTheOtherOpens(EncryptionAlgorithm algorithm) {
        for (boolean extended : new boolean[] {false, true}) {
            Tunnel tunnel = new Tunnel(algorithm, extended);
            for (int length = 0; length < 70; length++) {
                byte[] packet = Traffic.udp(length % 2 == 0, 1, 9, Traffic.octets(5, length));
                assertThat(tunnel.open(tunnel.seal(packet))).isEqualTo(Verdict.OPENED);
                assertThat(tunnel.packets.getLast()).isEqualTo(packet);
            }
        }
    }

    @Test
    void everyTruncationIsRefusedAndCounted() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] datagram = tunnel.seal(PACKET);
        for (int length = 0; length < datagram.length; length++) {
            Verdict verdict = tunnel.open(Arrays.copyOf(datagram, length));
            assertThat(verdict).isEqualTo(length < 34 ? Verdict.TOO_SHORT : Verdict.NOT_AUTHENTIC);
        }
        assertThat(tunnel.packets).isEmpty();
        assertThat(tunnel.open(datagram)).isEqualTo(Verdict.OPENED);
    }

    @Test
    void everyFlippedBitIsRefused() {
        for (Tunnel tunnel : List.of(Tunnel.aesGcm(), Tunnel.extended())) {
            byte[] datagram = tunnel.seal(PACKET);
            for (int bit = 0; bit < datagram.length * 8; bit++) {
                byte[] forged = datagram.clone();
                forged[bit / 8] ^= (byte) (1 << bit % 8);
                // A changed sequence number may also fall out of the window.
                assertThat(tunnel.open(forged))
                        .isIn(
                                bit < 32 ? Verdict.UNKNOWN_SPI : Verdict.NOT_AUTHENTIC,
                                bit >= 32 && bit < 64 ? Verdict.REPLAYED : Verdict.NOT_AUTHENTIC);
            }
            assertThat(tunnel.open(datagram)).isEqualTo(Verdict.OPENED);
        }
    }

    @Test
    void aPacketIsDeliveredOnce() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] first = tunnel.seal(PACKET);
        byte[] second = tunnel.seal(PACKET);
        assertThat(tunnel.open(second)).isEqualTo(Verdict.OPENED);
        assertThat(tunnel.open(first)).isEqualTo(Verdict.OPENED);
        assertThat(tunnel.open(first)).isEqualTo(Verdict.REPLAYED);
        assertThat(tunnel.open(second)).isEqualTo(Verdict.REPLAYED);
        assertThat(tunnel.packets).hasSize(2);
    }

    /// A member that does not know what another one has received opens nothing (RFC 6311 section
    /// 5.2), whatever half of the number the packet leaves out.
    @Test
    void aFloorAboveAllNumbersLetsNothingIn() {
        for (boolean extended : new boolean[] {false, true}) {
            Tunnel tunnel = new Tunnel();
            EncryptionAlgorithm algorithm = EncryptionAlgorithm.AES_GCM_16_256;
            tunnel.client.install(Tunnel.outbound(algorithm, extended).build());
            tunnel.gateway.install(
                    Tunnel.inbound(algorithm, extended).inboundFloor(1L << 62).build());
            for (long from : new long[] {0, 5_000, 0x7fff_fff0L, 0xffff_ff00L}) {
                tunnel.outboundSa().startAt(from, 0);
                for (int i = 0; i < 20; i++) {
                    assertThat(tunnel.open(tunnel.seal(PACKET)))
                            .isIn(Verdict.REPLAYED, Verdict.NOT_AUTHENTIC);
                }
            }
            assertThat(tunnel.packets).isEmpty();
        }
    }

    @Test
    void aForgedPacketDoesNotMoveTheWindow() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] first = tunnel.seal(PACKET);
        byte[] forged = tunnel.seal(PACKET);
        ByteBuffer.wrap(forged).putInt(4, 1_000_000);
        assertThat(tunnel.open(forged)).isEqualTo(Verdict.NOT_AUTHENTIC);
        assertThat(tunnel.open(first)).isEqualTo(Verdict.OPENED);
    }

    @Test
    void extendedSequenceNumbersCrossTheWrap() {
        Tunnel tunnel = Tunnel.extended();
        tunnel.outboundSa().startAt(0xffff_fff0L, 0);
        byte[][] datagrams = new byte[32][];
        for (int i = 0; i < datagrams.length; i++) {
            datagrams[i] = tunnel.seal(PACKET);
        }
        // The window starts at 0: one packet of the first cycle has to come before the wrap.
        assertThat(tunnel.open(datagrams[3])).isEqualTo(Verdict.REPLAYED);
        Tunnel later = Tunnel.extended();
        later.outboundSa().startAt(0x7fff_ffffL, 0);
        assertThat(later.open(later.seal(PACKET))).isEqualTo(Verdict.OPENED);
        assertThat(later.open(datagrams[3])).isEqualTo(Verdict.OPENED);
        assertThat(later.open(datagrams[31])).isEqualTo(Verdict.OPENED);
        assertThat(later.open(datagrams[20])).isEqualTo(Verdict.OPENED);
        assertThat(later.open(datagrams[5])).isEqualTo(Verdict.OPENED);
        assertThat(later.open(datagrams[20])).isEqualTo(Verdict.REPLAYED);
        assertThat(later.open(datagrams[5])).isEqualTo(Verdict.REPLAYED);
    }

    @Test
    void anUnknownSpiIsCounted() {
        Tunnel tunnel = new Tunnel();
        byte[] datagram = new byte[100];
        Arrays.fill(datagram, (byte) 7);
        assertThat(tunnel.open(datagram)).isEqualTo(Verdict.UNKNOWN_SPI);
    }

    /// RFC 7296 section 1.5: whoever has an IKE SA with the sender may tell it.
    @Test
    void packetsWithAnUnknownSpiAreToldOnceWithTheirSender() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] datagram = new byte[100];
        Arrays.fill(datagram, (byte) 7);
        tunnel.open(datagram);
        tunnel.open(datagram);
        tunnel.open(tunnel.seal(PACKET));
        List<String> told = new ArrayList<>();
        tunnel.opener.reportWayward(
                (spi, from) -> told.add(Integer.toHexString(spi) + " " + from.toSocketAddress()));
        assertThat(told).containsExactly("7070707 " + Tunnel.CLIENT_ADDRESS);
        tunnel.opener.reportWayward((_, _) -> told.add("again"));
        assertThat(told).hasSize(1);
    }

    @Test
    void aFloodOfThemIsRememberedInPart() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] datagram = new byte[100];
        Arrays.fill(datagram, (byte) 7);
        for (int i = 0; i < 5_000; i++) {
            tunnel.from(new InetSocketAddress(Traffic.address("198.51.100.7"), 1024 + i));
            tunnel.open(datagram);
        }
        List<Integer> told = new ArrayList<>();
        tunnel.opener.reportWayward((_, from) -> told.add(from.port()));
        assertThat(told).hasSizeBetween(32, WaywardPackets.ROOM).doesNotHaveDuplicates();
    }

    @Test
    void aKeepaliveIsOneOctetOfOnes() {
        Tunnel tunnel = Tunnel.aesGcm();
        assertThat(tunnel.open(new byte[] {(byte) 0xff})).isEqualTo(Verdict.KEEPALIVE);
        assertThat(tunnel.open(new byte[] {0})).isEqualTo(Verdict.TOO_SHORT);
        assertThat(tunnel.open(new byte[] {(byte) 0xff, (byte) 0xff})).isEqualTo(Verdict.TOO_SHORT);
    }

    @Test
    void whatFollowsANonEspMarkerIsHandedToIke() {
        Tunnel tunnel = Tunnel.aesGcm();
        assertThat(tunnel.open(new byte[] {0, 0, 0, 0, 1, 2, 3})).isEqualTo(Verdict.IKE);
        assertThat(tunnel.ike).containsExactly(new byte[] {1, 2, 3});
        assertThat(tunnel.open(new byte[4])).isEqualTo(Verdict.IKE);
        assertThat(tunnel.ike.getLast()).isEmpty();
    }

    @Test
    void aTrainIsOpenedDatagramByDatagram() {
        Tunnel tunnel = Tunnel.aesGcm();
        ByteBuffer train = ByteBuffer.allocate(4 * 136 + 64);
        byte[] packet = Traffic.udp(false, 1, 9, Traffic.octets(3, 72));
        byte[] second = {};
        for (int i = 0; i < 4; i++) {
            byte[] datagram = tunnel.seal(packet);
            assertThat(datagram).hasSize(136);
            if (i == 1) {
                second = datagram;
                train.putInt(0).put(new byte[132]);
            } else {
                train.put(datagram);
            }
        }
        train.put(tunnel.seal(Traffic.udp(false, 1, 9, new byte[0])));
        tunnel.openTrain(train.array(), 136);
        assertThat(tunnel.packets).hasSize(4);
        assertThat(tunnel.ike).hasSize(1);
        assertThat(tunnel.open(second)).isEqualTo(Verdict.OPENED);
    }

    @Test
    void anAuthenticPacketOutsideTheSelectorsIsRefused() {
        Tunnel tunnel = new Tunnel();
        EncryptionAlgorithm algorithm = EncryptionAlgorithm.CHACHA20_POLY1305;
        tunnel.client.install(Tunnel.outbound(algorithm, false).build());
        Selector other = Selector.host(Traffic.address("10.7.0.3"));
        tunnel.gateway.install(Tunnel.inbound(algorithm, false).clients(other).build());
        assertThat(tunnel.open(tunnel.seal(PACKET))).isEqualTo(Verdict.SELECTOR_MISMATCH);
        assertThat(tunnel.packets).isEmpty();
    }

    @Test
    void whatIsInsideIsJudgedOnlyAfterItHasVerified() {
        byte[] good = Arrays.copyOf(PACKET, PACKET.length + 2);
        good[PACKET.length + 1] = 4;
        assertThat(Tunnel.aesGcm().open(sealText(good))).isEqualTo(Verdict.OPENED);
        assertThat(opened(good, 1, (byte) 59)).isEqualTo(Verdict.DUMMY);
        assertThat(opened(good, 1, (byte) 6)).isEqualTo(Verdict.UNSUPPORTED_NEXT_HEADER);
        assertThat(opened(good, 1, (byte) 41)).isEqualTo(Verdict.MALFORMED_INNER);
        assertThat(opened(good, 2, (byte) 255)).isEqualTo(Verdict.BAD_PADDING);
        assertThat(opened(good, 2, (byte) 3)).isEqualTo(Verdict.BAD_PADDING);
        assertThat(opened(new byte[] {0, 4}, 2, (byte) 0)).isEqualTo(Verdict.MALFORMED_INNER);
        assertThat(opened(new byte[] {0, 4}, 2, (byte) 1)).isEqualTo(Verdict.BAD_PADDING);
    }

    @Test
    void trafficFlowPaddingBehindTheInnerPacketIsIgnored() {
        byte[] text = Arrays.copyOf(PACKET, PACKET.length + 500);
        text[text.length - 1] = 4;
        Tunnel tunnel = Tunnel.aesGcm();
        assertThat(tunnel.open(sealText(text))).isEqualTo(Verdict.OPENED);
        assertThat(tunnel.packets).containsExactly(PACKET);
    }

    @Test
    void theFirstAuthenticPacketIsReportedOnce() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] datagram = tunnel.seal(PACKET);
        byte[] forged = datagram.clone();
        forged[20] ^= 1;
        tunnel.open(forged);
        assertThat(tunnel.evidence).isEmpty();
        tunnel.open(datagram);
        tunnel.open(tunnel.seal(PACKET));
        assertThat(tunnel.evidence).containsExactly("first 10000001");
    }

    @Test
    void aMovedPeerIsReportedOnceUntilTheControlPlaneHasDecided() {
        Tunnel tunnel = Tunnel.aesGcm();
        byte[] old = tunnel.seal(PACKET);
        tunnel.open(tunnel.seal(PACKET));
        tunnel.evidence.clear();
        tunnel.from(ELSEWHERE);
        tunnel.open(old);
        assertThat(tunnel.evidence).as("an old packet moves nobody").isEmpty();
        tunnel.open(tunnel.seal(PACKET));
        tunnel.open(tunnel.seal(PACKET));
        assertThat(tunnel.evidence).containsExactly("moved 10000001 /198.51.100.99:1024");
        tunnel.gateway.keepPath(Tunnel.SPI);
        tunnel.open(tunnel.seal(PACKET));
        assertThat(tunnel.evidence).hasSize(2);
        tunnel.gateway.updatePath(Tunnel.SPI, Tunnel.GATEWAY_ADDRESS, ELSEWHERE);
        tunnel.open(tunnel.seal(PACKET));
        assertThat(tunnel.evidence).hasSize(2);
    }

    @Test
    void randomOctetsNeverThrow() {
        Tunnel tunnel = Tunnel.aesGcm();
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] datagram = new byte[random.nextInt(200)];
            random.nextBytes(datagram);
            if (random.nextBoolean() && datagram.length >= 4) {
                ByteBuffer.wrap(datagram).putInt(random.nextBoolean() ? Tunnel.SPI : 0);
            }
            tunnel.openTrain(datagram, random.nextInt(100));
        }
        assertThat(tunnel.packets).isEmpty();
    }

    @Test
    void randomInnerOctetsNeverThrow() {
        Random random = new Random(12);
        Tunnel tunnel = Tunnel.aesGcm();
        MemorySegment scratch = tunnel.arena.allocate(200);
        InnerPacket inner = new InnerPacket();
        for (int i = 0; i < 200_000; i++) {
            byte[] packet = new byte[random.nextInt(100)];
            random.nextBytes(packet);
            if (packet.length > 6) {
                packet[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
                packet[2] = 0;
                packet[4] = 0;
                packet[5] = (byte) Math.max(0, packet.length - 40);
                packet[6] = (byte) (random.nextBoolean() ? 60 : 44);
            }
            MemorySegment.copy(MemorySegment.ofArray(packet), 0, scratch, 0, packet.length);
            if (inner.read(scratch, 0, packet.length)) {
                assertThat(inner.length()).isLessThanOrEqualTo(packet.length);
                assertThat(inner.transportLength()).isNotNegative();
            }
        }
    }

    private static Verdict opened(byte[] text, int fromEnd, byte value) {
        byte[] changed = text.clone();
        changed[changed.length - fromEnd] = value;
        return Tunnel.aesGcm().open(sealText(changed));
    }

    /// A datagram with exactly this text under the gateway's inbound key.
    private static byte[] sealText(byte[] text) {
        EncryptionAlgorithm algorithm = EncryptionAlgorithm.AES_GCM_16_128;
        byte[] datagram = new byte[16 + text.length + 16];
        ByteBuffer.wrap(datagram).putInt(Tunnel.SPI).putInt(1).putLong(99).put(text);
        MemorySegment memory = new Tunnel().natively(datagram);
        try (PacketCipher cipher = PacketCipher.of(algorithm, Tunnel.key(algorithm, 1).expose())) {
            cipher.seal(memory, 0, 8, 99, memory, 16, text.length);
        }
        return Tunnel.copy(memory, 0, datagram.length);
    }
}
