package dev.postern.esp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.EncryptionAlgorithm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/// RFC 4303 section 3.1.1: in transport mode the IP header stays behind, and is made anew from the
/// addresses of the two peers. What arrives is compared with what the peer would have got in clear
/// text, but for the hop limit and the identification, which the network may change too.
class Section3_1_1_TransportModeTest {
    private static final EncryptionAlgorithm AES = EncryptionAlgorithm.AES_GCM_16_128;
    private static final InetAddress NAT = Traffic.address("203.0.113.77");
    private static final InetAddress NAT6 = Traffic.address("2001:db8:77::77");

    private static Tunnel between(
            InetAddress client,
            InetAddress server,
            InetAddress clientSeen,
            InetAddress serverSeen) {
        Tunnel tunnel = new Tunnel();
        tunnel.client.install(
                Tunnel.outbound(AES, false)
                        .clients(Selector.host(client))
                        .servers(Selector.host(serverSeen))
                        .transport(TransportMode.of(client, serverSeen, server, clientSeen))
                        .build());
        tunnel.gateway.install(
                Tunnel.inbound(AES, false)
                        .clients(Selector.host(clientSeen))
                        .servers(Selector.host(server))
                        .transport(TransportMode.of(server, clientSeen, client, serverSeen))
                        .build());
        return tunnel;
    }

    private static Tunnel plain(boolean ipv6) {
        return ipv6
                ? between(Traffic.CLIENT6, Traffic.SERVER6, Traffic.CLIENT6, Traffic.SERVER6)
                : between(Traffic.CLIENT, Traffic.SERVER, Traffic.CLIENT, Traffic.SERVER);
    }

    /// The client is known as `NAT` at the server.
    private static Tunnel behindNat(boolean ipv6) {
        return ipv6
                ? between(Traffic.CLIENT6, Traffic.SERVER6, NAT6, Traffic.SERVER6)
                : between(Traffic.CLIENT, Traffic.SERVER, NAT, Traffic.SERVER);
    }

    private static byte[] opened(Tunnel tunnel, byte[] packet) {
        assertThat(tunnel.open(tunnel.seal(packet))).isEqualTo(Verdict.OPENED);
        return tunnel.packets.getLast();
    }

    private static byte[] payload(byte[] packet) {
        int header = packet[0] >>> 4 == 6 ? 40 : 20;
        return java.util.Arrays.copyOfRange(packet, header, packet.length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePayloadArrivesUnderTheSameAddresses(boolean ipv6) {
        byte[] packet = Traffic.udp(ipv6, 7, 53, Traffic.octets(1, 300));
        byte[] arrived = opened(plain(ipv6), packet);
        assertThat(payload(arrived)).isEqualTo(payload(packet));
        int addresses = ipv6 ? 8 : 12;
        int length = ipv6 ? 32 : 8;
        assertThat(ByteBuffer.wrap(arrived, addresses, length))
                .isEqualTo(ByteBuffer.wrap(packet, addresses, length));
        assertThat(Traffic.transportChecksum(arrived)).isZero();
        if (!ipv6) {
            assertThat(Traffic.sum(arrived, 0, 20, 0)).isEqualTo(0xffff);
        }
    }

    @Test
    void theHeaderIsNotSent() {
        byte[] packet = Traffic.udp(false, 7, 53, Traffic.octets(1, 300));
        byte[] tunnelled = Tunnel.aesGcm().seal(packet);
        assertThat(plain(false).seal(packet)).hasSize(tunnelled.length - 20);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void behindANatChecksumsFitTheAddressesThatTheReceiverSees(boolean ipv6) {
        Tunnel tunnel = behindNat(ipv6);
        byte[] udp = opened(tunnel, Traffic.udp(ipv6, 1, 53, Traffic.octets(2, 99)));
        byte[] tcp = opened(tunnel, Traffic.tcp(ipv6, 2, 77, 0x18, Traffic.octets(3, 500)));
        for (byte[] arrived : new byte[][] {udp, tcp}) {
            int source = ipv6 ? 8 : 12;
            byte[] nat = (ipv6 ? NAT6 : NAT).getAddress();
            assertThat(ByteBuffer.wrap(arrived, source, nat.length))
                    .isEqualTo(ByteBuffer.wrap(nat));
            assertThat(Traffic.transportChecksum(arrived)).isZero();
        }
    }

    @Test
    void aWrongChecksumStaysWrong() {
        byte[] packet = Traffic.udp(false, 1, 53, Traffic.octets(2, 99));
        packet[packet.length - 1] ^= 1;
        assertThat(Traffic.transportChecksum(opened(behindNat(false), packet))).isNotZero();
    }

    @Test
    void aUdpDatagramWithoutChecksumGetsNone() {
        byte[] packet = Traffic.udp(false, 1, 53, Traffic.octets(2, 99));
        packet[26] = 0;
        packet[27] = 0;
        byte[] arrived = opened(behindNat(false), packet);
        assertThat(ByteBuffer.wrap(arrived).getShort(26)).isZero();
    }

    /// Mobility headers (RFC 6275) and GRE are protocols like any other.
    @ParameterizedTest
    @ValueSource(ints = {47, 135, 4})
    void anyProtocolIsCarried(int protocol) {
        byte[] packet = Traffic.ip(true, 0, protocol, Traffic.octets(4, 64), 4);
        byte[] arrived = opened(plain(true), packet);
        assertThat(arrived[6] & 0xff).isEqualTo(protocol);
        assertThat(payload(arrived)).isEqualTo(payload(packet));
    }

    @Test
    void trainsAreCutAsInATunnel() {
        Tunnel tunnel = plain(false);
        byte[] train = Traffic.tcp(false, 100, 5000, 0x10, Traffic.octets(9, 4 * 1000));
        for (byte[] datagram : tunnel.sealFrame(Traffic.train(train, 1, 1000))) {
            assertThat(tunnel.open(datagram)).isEqualTo(Verdict.OPENED);
        }
        assertThat(tunnel.packets).hasSize(4).allMatch(p -> Traffic.transportChecksum(p) == 0);
    }

    @Test
    void aFragmentIsNotTaken() {
        Tunnel tunnel = plain(false);
        byte[] fragment = Traffic.udp(false, 1, 53, Traffic.octets(2, 99));
        ByteBuffer.wrap(fragment).putShort(6, (short) 0x2000);
        assertThat(tunnel.sealFrame(Traffic.frame(fragment))).isEmpty();
        assertThat(tunnel.sealed.of(Verdict.FRAGMENT_IN_TRANSPORT_MODE)).isEqualTo(1);
    }

    /// The header that it came under was its own.
    @Test
    void markAndDscpAreThoseOfTheOuterHeader() {
        Tunnel tunnel = plain(false);
        byte[] datagram = tunnel.seal(Traffic.udp(false, 1, 53, Traffic.octets(2, 99)));
        tunnel.outerTrafficClass = 0xbb;
        assertThat(tunnel.open(datagram)).isEqualTo(Verdict.OPENED);
        assertThat(tunnel.packets.getLast()[1] & 0xff).isEqualTo(0xbb);
    }

    @Test
    void aTunnelsPacketDoesNotPassForOne() {
        Tunnel mixed = new Tunnel();
        mixed.client.install(Tunnel.outbound(AES, false).build());
        mixed.gateway.install(
                Tunnel.inbound(AES, false)
                        .transport(
                                TransportMode.of(
                                        Traffic.SERVER, NAT, Traffic.CLIENT, Traffic.SERVER))
                        .build());
        byte[] datagram = mixed.seal(Traffic.udp(false, 1, 53, Traffic.octets(2, 99)));
        assertThat(mixed.open(datagram)).isEqualTo(Verdict.SELECTOR_MISMATCH);
        assertThat(mixed.packets).isEmpty();
    }
}
