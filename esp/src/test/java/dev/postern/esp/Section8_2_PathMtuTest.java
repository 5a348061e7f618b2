package dev.postern.esp;

import static dev.postern.esp.PathMtu.HELD_NANOS;
import static dev.postern.esp.PathMtu.TEST_NANOS;
import static dev.postern.esp.PathMtu.UNKNOWN;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// RFC 4301 section 8.2: what is heard of the size of the path outside is kept with the SA, and
/// senders inside are told. What nobody proves is put to the test (section 8.2.1).
class Section8_2_PathMtuTest {
    private static final int OUTER_HEADERS = 20 + 8;

    private long now = 1_000;
    private final Tunnel tunnel = Tunnel.clamping(1_400, 0);

    /// Says that the newest packet of the SA was too big.
    private boolean tooBig(int mtu) {
        return tooBig(Tunnel.GATEWAY_ADDRESS, Tunnel.SPI, lastSequence(), mtu);
    }

    private boolean tooBig(InetSocketAddress peer, int spi, int sequence, int mtu) {
        return tunnel.client.tooBig(peer, spi, sequence, mtu, now);
    }

    private int lastSequence() {
        return (int) tunnel.outboundSa().sequence();
    }

    private int innerMtu() {
        return tunnel.outboundSa().path().mtu().innerMtu();
    }

    private void sendLong() {
        assertThat(tunnel.sealFrame(Traffic.frame(packet(false, 1_300)))).isNotEmpty();
    }

    private static byte[] packet(boolean ipv6, int length) {
        byte[] payload = Traffic.octets(length, length - (ipv6 ? 48 : 28));
        return Traffic.udp(ipv6, 7, 53, payload);
    }

    @Test
    void whatALongPacketNeedsIsTriedOutWithADummyThatTheOtherEndDiscards() {
        int length = tunnel.seal(packet(false, 1_300)).length;
        List<byte[]> probes = tunnel.probes(now);
        assertThat(probes).hasSize(1);
        assertThat(probes.getFirst()).hasSize(length);
        assertThat(tunnel.open(probes.getFirst())).isEqualTo(Verdict.DUMMY);
        assertThat(tunnel.packets).isEmpty();
    }

    @Test
    void shortPacketsAreNotTriedOutAndLongOnesNotEndlessly() {
        tunnel.seal(packet(false, 400));
        assertThat(tunnel.probes(now)).isEmpty();
        int probes = 0;
        for (int i = 0; i < 100; i++) {
            tunnel.seal(packet(false, 1_300));
            probes += tunnel.probes(now).size();
            now += TEST_NANOS;
        }
        assertThat(probes).isEqualTo(PathMtu.TESTS);
        now += HELD_NANOS;
        assertThat(tunnel.probes(now)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"1300, 1238", "1301, 1238", "1304, 1242", "1337, 1274"})
    void whatFitsIsThePathsSizeWithoutWhatTheTunnelAdds(int mtu, int inner) {
        sendLong();
        assertThat(tooBig(mtu)).isTrue();
        assertThat(innerMtu()).isEqualTo(inner);
        byte[] fits = packet(false, inner);
        assertThat(tunnel.seal(fits).length + OUTER_HEADERS).isLessThanOrEqualTo(mtu);
        assertThat(tunnel.sealFrame(Traffic.frame(packet(false, inner + 1)))).isEmpty();
        assertThat(tunnel.sealed.of(Verdict.TOO_BIG_FOR_PATH)).isEqualTo(1);
    }

    @Test
    void theSenderOfAnIpv4PacketLearnsTheSize() {
        sendLong();
        tooBig(1_300);
        byte[] packet = packet(false, 1_300);
        tunnel.sealFrame(Traffic.frame(packet));
        ByteBuffer icmp = ByteBuffer.wrap(tunnel.refused.getFirst());
        assertThat(icmp.capacity()).isEqualTo(576);
        assertThat(Traffic.sum(icmp.array(), 0, 20, 0)).isEqualTo(0xffff);
        assertThat(Traffic.sum(icmp.array(), 20, 556, 0)).isEqualTo(0xffff);
        assertThat(icmp.get(9)).isEqualTo((byte) 1);
        assertThat(Arrays.copyOfRange(icmp.array(), 12, 16)).isEqualTo(Traffic.SERVER.getAddress());
        assertThat(Arrays.copyOfRange(icmp.array(), 16, 20)).isEqualTo(Traffic.CLIENT.getAddress());
        assertThat(icmp.getShort(20)).isEqualTo((short) 0x0304);
        assertThat(icmp.getInt(24)).isEqualTo(1_238);
        assertThat(Arrays.copyOfRange(icmp.array(), 28, 576)).isEqualTo(Arrays.copyOf(packet, 548));
    }

    @Test
    void theSenderOfAnIpv6PacketLearnsTheSize() {
        tunnel.seal(packet(true, 1_395));
        tooBig(1_400);
        byte[] packet = packet(true, 1_395);
        tunnel.sealFrame(Traffic.frame(packet));
        ByteBuffer icmp = ByteBuffer.wrap(tunnel.refused.getFirst());
        assertThat(icmp.capacity()).isEqualTo(1_280);
        assertThat(icmp.get(6)).isEqualTo((byte) 58);
        assertThat(Arrays.copyOfRange(icmp.array(), 8, 24)).isEqualTo(Traffic.SERVER6.getAddress());
        assertThat(Arrays.copyOfRange(icmp.array(), 24, 40))
                .isEqualTo(Traffic.CLIENT6.getAddress());
        assertThat(icmp.getShort(40)).isEqualTo((short) 0x0200);
        assertThat(icmp.getInt(44)).isEqualTo(1_338);
        assertThat(Traffic.transportChecksum(icmp.array())).isZero();
        assertThat(Arrays.copyOfRange(icmp.array(), 48, 1_280))
                .isEqualTo(Arrays.copyOf(packet, 1_232));
    }

    /// RFC 8200 section 5: an IPv6 host may take 1280 octets for granted.
    @Test
    void anIpv6PacketOf1280OctetsPassesWhateverThePathTakes() {
        tunnel.seal(packet(true, 1_395));
        tooBig(1_000);
        assertThat(tunnel.sealFrame(Traffic.frame(packet(true, 1_280)))).hasSize(1);
        assertThat(tunnel.sealFrame(Traffic.frame(packet(true, 1_281)))).isEmpty();
        assertThat(ByteBuffer.wrap(tunnel.refused.getFirst()).getInt(44)).isEqualTo(1_280);
    }

    @Test
    void anIpv4PacketThatMayBeFragmentedPasses() {
        sendLong();
        tooBig(1_300);
        byte[] packet = packet(false, 1_300);
        packet[6] = 0;
        assertThat(tunnel.sealFrame(Traffic.frame(packet))).hasSize(1);
        assertThat(tunnel.refused).isEmpty();
    }

    /// RFC 1122 section 3.2.2, RFC 4443 section 2.4.
    @Test
    void anErrorIsNotAnsweredByAnError() {
        sendLong();
        tooBig(1_300);
        byte[] error = new byte[1_280];
        error[0] = 3;
        tunnel.sealFrame(Traffic.frame(Traffic.ip(false, 1, 1, error, 2)));
        byte[] echo = new byte[1_280];
        echo[0] = 8;
        assertThat(tunnel.refused).isEmpty();
        tunnel.sealFrame(Traffic.frame(Traffic.ip(false, 1, 1, echo, 2)));
        assertThat(tunnel.refused).hasSize(1);
    }

    @Test
    void tcpConnectionsThatBeginLaterFitInBothDirections() {
        sendLong();
        tooBig(1_300);
        byte[] syn = Traffic.tcp(false, 1, 1, 2, new byte[0]);
        ByteBuffer.wrap(syn).putInt(40, 0x0204_05b4);
        tunnel.open(tunnel.seal(syn));
        assertThat(ByteBuffer.wrap(tunnel.packets.getLast()).getInt(40))
                .isEqualTo(0x0204_0000 + 1_238 - 40);
    }

    @Test
    void onlyAPeersAnswerToARecentPacketOfItsSaIsHeard() {
        sendLong();
        int sequence = lastSequence();
        InetSocketAddress stranger = new InetSocketAddress(Traffic.address("203.0.113.9"), 4500);
        assertThat(tooBig(stranger, Tunnel.SPI, sequence, 1_300)).isFalse();
        assertThat(tooBig(Tunnel.GATEWAY_ADDRESS, Tunnel.SPI + 1, sequence, 1_300)).isFalse();
        assertThat(tooBig(Tunnel.GATEWAY_ADDRESS, Tunnel.SPI, sequence + 1, 1_300)).isFalse();
        assertThat(innerMtu()).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_500, Integer.MAX_VALUE})
    void whatIsNoSizeOrWasNeverExceededIsNotBelieved(int mtu) {
        sendLong();
        assertThat(tooBig(mtu)).isFalse();
        assertThat(innerMtu()).isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 68, 575, 576})
    void nothingLowersItBelowWhatEveryPathTakes(int mtu) {
        sendLong();
        assertThat(tooBig(mtu)).isTrue();
        assertThat(innerMtu()).isEqualTo(576 - OUTER_HEADERS - 32 - 2);
    }

    @Test
    void oneWordThatNoProbeConfirmsIsForgotten() {
        sendLong();
        tooBig(1_300);
        int probes = 0;
        for (int i = 0; i < 2 * PathMtu.TESTS; i++) {
            now += TEST_NANOS;
            probes += tunnel.probes(now).size();
        }
        assertThat(probes).isGreaterThanOrEqualTo(PathMtu.TESTS);
        assertThat(innerMtu()).isEqualTo(UNKNOWN);
        sendLong();
    }

    /// What somebody says who has seen no test of ours proves nothing, however often it is said.
    @Test
    void aSecondWordBeforeAnyProbeConfirmsNothing() {
        sendLong();
        assertThat(tooBig(1_300)).isTrue();
        assertThat(tooBig(1_300)).isFalse();
        for (int i = 0; i <= PathMtu.TESTS; i++) {
            now += TEST_NANOS;
            tunnel.probes(now);
        }
        assertThat(innerMtu()).isEqualTo(UNKNOWN);
    }

    @Test
    void aWordOnTheLastProbeConfirmsUntilTheNextWouldBeDue() {
        sendLong();
        tooBig(1_300);
        for (int i = 0; i < PathMtu.TESTS; i++) {
            now += TEST_NANOS;
            assertThat(tunnel.probes(now)).hasSize(1);
        }
        now += TEST_NANOS - 1;
        assertThat(tunnel.probes(now)).isEmpty();
        assertThat(innerMtu()).isEqualTo(1_238);
        tooBig(1_300);
        now += TEST_NANOS;
        assertThat(tunnel.probes(now)).isEmpty();
        assertThat(innerMtu()).isEqualTo(1_238);
    }

    @Test
    void onlyLessThanWhatWasSentIsBelieved() {
        int sent = tunnel.seal(packet(false, 1_300)).length + OUTER_HEADERS;
        assertThat(tooBig(sent)).isFalse();
        assertThat(innerMtu()).isEqualTo(UNKNOWN);
        assertThat(tooBig(sent - 1)).isTrue();
        assertThat(innerMtu()).isLessThan(1_300);
    }

    @Test
    void whatAProbeConfirmsHoldsForTenMinutesAndIsThenTriedAgain() {
        sendLong();
        tooBig(1_300);
        now += TEST_NANOS;
        assertThat(tunnel.probes(now)).hasSize(1);
        tooBig(1_300);
        now += HELD_NANOS - 1;
        tunnel.seal(packet(false, 1_200));
        assertThat(tunnel.probes(now)).isEmpty();
        now += 1;
        List<byte[]> again = tunnel.probes(now);
        assertThat(again).hasSize(1);
        assertThat(again.getFirst().length + OUTER_HEADERS).isGreaterThan(1_300);
        assertThat(innerMtu()).isEqualTo(1_238);
        // The path has grown meanwhile.
        tooBig(1_332);
        assertThat(innerMtu()).isEqualTo(1_270);
    }

    @Test
    void aConfirmedSizeThatNobodyNamesAgainIsForgottenAfterItsTime() {
        sendLong();
        tooBig(1_300);
        now += TEST_NANOS;
        tunnel.probes(now);
        tooBig(1_300);
        now += HELD_NANOS;
        tunnel.seal(packet(false, 1_200));
        for (int i = 0; i <= PathMtu.TESTS; i++) {
            tunnel.probes(now);
            now += TEST_NANOS;
        }
        assertThat(innerMtu()).isEqualTo(UNKNOWN);
    }

    @Test
    void aNewPathBeginsAnew() {
        sendLong();
        tooBig(1_300);
        tunnel.client.updatePath(Tunnel.CLIENT_SPI, Tunnel.CLIENT_ADDRESS, Tunnel.GATEWAY_ADDRESS);
        assertThat(innerMtu()).isEqualTo(UNKNOWN);
        sendLong();
    }

    @Test
    void thisHostsOwnInterfaceNeedsToQuoteNothing() {
        sendLong();
        assertThat(tunnel.client.tooBig(Traffic.address("203.0.113.9"), 1_300, now)).isFalse();
        assertThat(tunnel.client.tooBig(Tunnel.GATEWAY_ADDRESS.getAddress(), 1_300, now)).isTrue();
        assertThat(innerMtu()).isEqualTo(1_238);
    }
}
