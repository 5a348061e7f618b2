package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.esp.EspSaParameters.Standing;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// RFC 4301 section 4.4: which SA takes which packet, and when.
class SecurityAssociationsTest {
    private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.CHACHA20_POLY1305;

    private final Tunnel tunnel = new Tunnel();

    @Test
    void aProvisionalPairOpensButSendsNothingUntilItIsConfirmed() {
        install(1, Standing.PROVISIONAL, Selector.network(Traffic.SERVER, 24));
        assertThat(sealedSpi(Traffic.SERVER)).isZero();
        tunnel.gateway.install(
                Tunnel.inbound(ALGORITHM, false).standing(Standing.PROVISIONAL).build());
        Tunnel sender = new Tunnel(ALGORITHM, false);
        byte[] packet = Traffic.udp(false, 1, 9, new byte[9]);
        assertThat(tunnel.open(sender.seal(packet))).isEqualTo(Verdict.OPENED);
        assertThat(tunnel.evidence).containsExactly("first 10000001");
        assertThat(tunnel.client.confirm(inbound(1))).isTrue();
        assertThat(sealedSpi(Traffic.SERVER)).isEqualTo(outbound(1));
    }

    @Test
    void theNewestConfirmedPairTakesTheTrafficAndGivesItBack() {
        install(1, Standing.CONFIRMED, Selector.network(Traffic.SERVER, 24));
        install(2, Standing.PROVISIONAL, Selector.network(Traffic.SERVER, 24));
        install(3, Standing.CONFIRMED, Selector.network(Traffic.SERVER, 24));
        assertThat(sealedSpi(Traffic.SERVER)).isEqualTo(outbound(3));
        tunnel.client.confirm(inbound(2));
        tunnel.client.confirm(inbound(2));
        assertThat(sealedSpi(Traffic.SERVER)).isEqualTo(outbound(2));
        tunnel.client.remove(inbound(2));
        assertThat(sealedSpi(Traffic.SERVER)).isEqualTo(outbound(3));
        tunnel.client.remove(inbound(3));
        assertThat(sealedSpi(Traffic.SERVER)).isEqualTo(outbound(1));
        tunnel.client.remove(inbound(1));
        assertThat(sealedSpi(Traffic.SERVER)).isZero();
    }

    @Test
    void theNarrowestDestinationWins() {
        install(1, Standing.CONFIRMED, Selector.host(Traffic.SERVER));
        install(2, Standing.CONFIRMED, Selector.network(Traffic.SERVER, 16));
        install(3, Standing.CONFIRMED, Selector.network(Traffic.SERVER, 0));
        assertThat(sealedSpi(Traffic.SERVER)).isEqualTo(outbound(1));
        assertThat(sealedSpi(Traffic.address("192.168.5.2"))).isEqualTo(outbound(2));
        assertThat(sealedSpi(Traffic.address("8.8.8.8"))).isEqualTo(outbound(3));
    }

    @Test
    void aRangeThatIsNoPrefixIsCoveredExactly() {
        InetAddress first = Traffic.address("10.0.0.3");
        InetAddress last = Traffic.address("10.0.1.17");
        install(1, Standing.CONFIRMED, Selector.range(first, last));
        int low = 0x0a00_0003;
        int high = 0x0a00_0111;
        for (int address = low - 3; address <= high + 3; address++) {
            InetAddress destination = IpAddress.ofIpv4(address).toInetAddress();
            boolean inside = address >= low && address <= high;
            assertThat(sealedSpi(destination)).isEqualTo(inside ? outbound(1) : 0);
        }
    }

    @Test
    void prefixesCoverTheWholeOfIpv6AndItsOddRanges() {
        IpAddress zero = IpAddress.of(Traffic.address("::"));
        IpAddress ones = IpAddress.of(Traffic.address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        assertThat(Prefix.covering(zero, ones)).containsExactly(Prefix.of(zero, 0));
        IpAddress one = IpAddress.of(Traffic.address("::1"));
        IpAddress almost = IpAddress.of(Traffic.address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"));
        List<Prefix> most = Prefix.covering(one, almost);
        assertThat(most).hasSize(254);
        assertThat(most.getFirst().first()).isEqualTo(one);
        assertThat(most.getLast().last()).isEqualTo(almost);
        for (int i = 1; i < most.size(); i++) {
            IpAddress before = most.get(i - 1).last();
            IpAddress next = most.get(i).first();
            assertThat(next.low()).isEqualTo(before.low() + 1);
        }
    }

    @Test
    void protocolAndPortsAreSelectorsToo() {
        IpAddress server = IpAddress.of(Traffic.SERVER);
        install(1, Standing.CONFIRMED, new Selector(server, server, 17, 50, 60));
        assertThat(sealedSpi(Traffic.udp(false, 1, 49, new byte[0]))).isZero();
        assertThat(sealedSpi(Traffic.udp(false, 1, 50, new byte[0]))).isEqualTo(outbound(1));
        assertThat(sealedSpi(Traffic.udp(false, 1, 60, new byte[0]))).isEqualTo(outbound(1));
        assertThat(sealedSpi(Traffic.udp(false, 1, 61, new byte[0]))).isZero();
        assertThat(sealedSpi(Traffic.tcp(false, 1, 1, 1, 16, 55, new byte[0]))).isZero();
        byte[] laterFragment = Traffic.udp(false, 1, 55, new byte[0]);
        laterFragment[7] = 5;
        assertThat(sealedSpi(laterFragment)).isZero();
        install(2, Standing.CONFIRMED, new Selector(server, server, 17, 0xffff, 0));
        assertThat(sealedSpi(laterFragment)).as("OPAQUE").isEqualTo(outbound(2));
        assertThat(sealedSpi(Traffic.udp(false, 1, 49, new byte[0]))).isZero();
    }

    @Test
    void anIpv4MappedDestinationIsNotTheIpv4Host() {
        install(1, Standing.CONFIRMED, Selector.host(Traffic.SERVER));
        byte[] packet = Traffic.udp(true, 1, 9, new byte[0]);
        ByteBuffer.wrap(packet).putLong(24, 0).putLong(32, IpAddress.of(Traffic.SERVER).low());
        assertThat(sealedSpi(packet)).isZero();
    }

    @Test
    void anInboundSpiIsTakenOnce() {
        install(1, Standing.CONFIRMED, Selector.host(Traffic.SERVER));
        assertThat(tunnel.client.install(parameters(1, Selector.host(Traffic.SERVER)))).isFalse();
        assertThat(tunnel.client.remove(77)).isFalse();
        assertThat(tunnel.client.confirm(77)).isFalse();
    }

    @Test
    void tenThousandClientsEachHaveTheirOwn() {
        for (int i = 0; i < 10_000; i++) {
            Selector client = Selector.host(IpAddress.ofIpv4(0x0a00_0000 + i).toInetAddress());
            install(i, Standing.CONFIRMED, client);
        }
        for (int i = 0; i < 10_000; i += 2) {
            assertThat(tunnel.client.remove(inbound(i))).isTrue();
        }
        tunnel.sealer.closeRetired();
        assertThat(tunnel.client.size()).isEqualTo(5_000);
        for (int i = 0; i < 10_000; i += 37) {
            InetAddress destination = IpAddress.ofIpv4(0x0a00_0000 + i).toInetAddress();
            assertThat(sealedSpi(destination)).isEqualTo(i % 2 == 0 ? 0 : outbound(i));
        }
    }

    @Test
    void aMovedPathTakesTheNextPacket() {
        Tunnel moved = new Tunnel(ALGORITHM, false);
        InetSocketAddress elsewhere = new InetSocketAddress(Traffic.address("203.0.113.77"), 4500);
        moved.client.updatePath(Tunnel.CLIENT_SPI, Tunnel.CLIENT_ADDRESS, elsewhere);
        assertThat(moved.outboundSa().path().peer().toSocketAddress()).isEqualTo(elsewhere);
    }

    @Test
    void trafficIsCounted() {
        Tunnel counted = new Tunnel(ALGORITHM, true);
        byte[] packet = Traffic.udp(false, 1, 9, new byte[72]);
        counted.open(counted.seal(packet));
        counted.open(counted.seal(packet));
        counted.open(new byte[100]);
        assertThat(counted.client.traffic(Tunnel.CLIENT_SPI))
                .contains(new SaTraffic(0, 0, 0, 2, 2, 200));
        assertThat(counted.gateway.traffic(Tunnel.SPI)).contains(new SaTraffic(2, 200, 2, 0, 0, 0));
    }

    /// RFC 792 and RFC 4443: who cannot forward says so with an ICMP error, which is no answer of
    /// the host that was asked; and nobody answers what goes to a group.
    @Test
    void errorsAreNoAnswersAndWhatGoesToAGroupIsNoQuestion() {
        Tunnel counted = new Tunnel(ALGORITHM, true);
        byte[] error = Traffic.udp(false, 1, 9, new byte[72]);
        error[9] = 1;
        for (int type : new int[] {3, 4, 5, 11, 12}) {
            error[20] = (byte) type;
            counted.open(counted.seal(error));
        }
        assertThat(counted.gateway.traffic(Tunnel.SPI).orElseThrow().inboundPackets()).isEqualTo(5);
        assertThat(counted.gateway.dialogue(Tunnel.SPI)).contains(new Dialogue(0, 0));
        assertThat(counted.client.dialogue(Tunnel.CLIENT_SPI)).contains(new Dialogue(0, 0));
        error[20] = 8;
        counted.open(counted.seal(error));
        assertThat(counted.gateway.dialogue(Tunnel.SPI)).contains(new Dialogue(0, 1));
        assertThat(counted.client.dialogue(Tunnel.CLIENT_SPI)).contains(new Dialogue(1, 0));
    }

    @Test
    void whatIsAskedOfOneHostIsAQuestion() {
        assertThat(isQuestion(false, "10.1.0.9", 17)).isTrue();
        assertThat(isQuestion(false, "224.0.0.251", 17)).isFalse();
        assertThat(isQuestion(false, "239.1.2.3", 17)).isFalse();
        assertThat(isQuestion(false, "255.255.255.255", 17)).isFalse();
        assertThat(isQuestion(false, "240.0.0.1", 17)).isTrue();
        assertThat(isQuestion(true, "2001:db8::9", 17)).isTrue();
        assertThat(isQuestion(true, "ff02::fb", 17)).isFalse();
    }

    private static boolean isQuestion(boolean ipv6, String destination, int protocol) {
        byte[] packet = Traffic.udp(ipv6, 1, 9, new byte[8]);
        byte[] address = Traffic.address(destination).getAddress();
        System.arraycopy(address, 0, packet, ipv6 ? 24 : 16, address.length);
        packet[ipv6 ? 6 : 9] = (byte) protocol;
        InnerPacket inner = new InnerPacket();
        assertThat(inner.read(java.lang.foreign.MemorySegment.ofArray(packet), 0, packet.length))
                .isTrue();
        return inner.isQuestion();
    }

    @Test
    void aPairIsReportedAsLivingOncePerCallThatHadPackets() {
        Tunnel living = new Tunnel(ALGORITHM, false);
        List<Integer> reported = new ArrayList<>();
        living.gateway.reportLiving(reported::add);
        assertThat(reported).isEmpty();
        living.open(living.seal(Traffic.udp(false, 1, 9, new byte[9])));
        living.gateway.reportLiving(reported::add);
        living.gateway.reportLiving(reported::add);
        assertThat(reported).containsExactly(Tunnel.SPI);
    }

    @Test
    void parametersThatNoSaCanHaveAreRefused() {
        Selector server = Selector.host(Traffic.SERVER);
        assertThatThrownBy(() -> parameters(-0x1000_0000, server))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> parameters(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tunnel.outbound(EncryptionAlgorithm.AES_CBC_128, false).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(parameters(1, server).toString()).doesNotContain("[-");
    }

    private static int inbound(int index) {
        return 0x1000_0000 + index;
    }

    private static int outbound(int index) {
        return 0x2000_0000 + index;
    }

    private static EspSaParameters parameters(int index, Selector... servers) {
        return new Tunnel.Pair(
                        inbound(index),
                        outbound(index),
                        ALGORITHM,
                        false,
                        "client",
                        Tunnel.CLIENT_ADDRESS,
                        Tunnel.GATEWAY_ADDRESS)
                .servers(servers)
                .build();
    }

    private void install(int index, Standing standing, Selector servers) {
        EspSaParameters parameters =
                new Tunnel.Pair(
                                inbound(index),
                                outbound(index),
                                ALGORITHM,
                                false,
                                "client",
                                Tunnel.CLIENT_ADDRESS,
                                Tunnel.GATEWAY_ADDRESS)
                        .servers(servers)
                        .standing(standing)
                        .build();
        assertThat(tunnel.client.install(parameters)).isTrue();
    }

    private int sealedSpi(InetAddress destination) {
        byte[] packet = Traffic.udp(false, 1, 9, new byte[4]);
        System.arraycopy(destination.getAddress(), 0, packet, 16, 4);
        return sealedSpi(packet);
    }

    /// The SPI that takes the packet, 0 for none.
    private int sealedSpi(byte[] packet) {
        List<byte[]> datagrams = tunnel.sealFrame(Traffic.frame(packet));
        return datagrams.isEmpty() ? 0 : ByteBuffer.wrap(datagrams.getFirst()).getInt();
    }
}
