package dev.postern.gateway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.esp.EspSaParameters;
import dev.postern.esp.EspSaParameters.Standing;
import dev.postern.esp.InProcessHost;
import dev.postern.esp.InboundEvidence;
import dev.postern.esp.InnerPackets;
import dev.postern.esp.Selector;
import dev.postern.esp.UdpEndpoint;
import dev.postern.esp.Verdict;
import dev.postern.net.UdpSocket;
import dev.postern.net.UdpSocketOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A client and a gateway without TUN devices, over the loopback interface.
class DataPlaneTest {
    private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.AES_GCM_16_256;
    private static final int CLIENT_SPI = 0x1001;
    private static final int GATEWAY_SPI = 0x2002;
    private static final String MARKER = "\0\0\0\0";

    private record Ike(
            InetSocketAddress local, InetSocketAddress remote, String text, boolean marker) {}

    private static final class Evidence implements InboundEvidence {
        final BlockingQueue<String> news = new LinkedBlockingQueue<>();

        @Override
        public void firstPacket(int inboundSpi) {
            news.add("first " + Integer.toHexString(inboundSpi));
        }

        @Override
        public void peerMoved(int inboundSpi, UdpEndpoint source) {
            news.add("moved " + source.toSocketAddress());
        }
    }

    private final InetAddress clientInner = address("10.7.0.2");
    private final InetAddress gatewayInner = address("10.1.0.1");
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Ike> gatewayIke = new LinkedBlockingQueue<>(3);
    private final Evidence gatewayEvidence = new Evidence();
    private final UdpSocket clientSocket = socket();
    private final UdpSocket gatewaySocket = socket();
    private final UdpSocket gatewayIkeSocket = socket();
    private final InetSocketAddress clientOuter = clientSocket.localAddress();
    private final InetSocketAddress gatewayOuter = gatewaySocket.localAddress();
    private final InetSocketAddress gatewayIkeOuter = gatewayIkeSocket.localAddress();
    private final DataPlane client =
            DataPlane.start(
                    List.of(new DataPlanePort(clientSocket, true)),
                    new InnerSide.Application(received::add),
                    (local, remote, octets, marker) -> true,
                    new Evidence());
    private final DataPlane gateway =
            DataPlane.start(
                    List.of(
                            new DataPlanePort(gatewaySocket, true),
                            new DataPlanePort(gatewayIkeSocket, false)),
                    new InnerSide.Host(
                            new InProcessHost(List.of(Selector.network(gatewayInner, 24)))),
                    (local, remote, octets, marker) ->
                            gatewayIke.offer(new Ike(local, remote, text(octets), marker)),
                    gatewayEvidence);

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    @Test
    void anEchoGoesThroughTheTunnelAndBack() throws InterruptedException {
        install(Standing.CONFIRMED);
        for (int sequence = 1; sequence <= 50; sequence++) {
            client.sendInner(echo(sequence));
            byte[] reply = next(received);
            assertThat(InnerPackets.readEchoReply(reply).orElseThrow().sequence())
                    .isEqualTo(sequence);
        }
        assertThat(gateway.traffic(GATEWAY_SPI).orElseThrow().inboundPackets()).isEqualTo(50);
        assertThat(gateway.traffic(GATEWAY_SPI).orElseThrow().lastOutboundSequence()).isEqualTo(50);
    }

    @Test
    @Timeout(30)
    void aProvisionalPairOpensAndAnswersOnlyOnceConfirmed() throws InterruptedException {
        install(Standing.PROVISIONAL);
        client.sendInner(echo(1));
        assertThat(next(gatewayEvidence.news)).isEqualTo("first 2002");
        // The evidence is out before the echo has been answered, or rather not answered.
        while (gateway.metrics().sealed().of(Verdict.NO_POLICY) == 0) {
            Thread.onSpinWait();
        }
        gateway.confirm(GATEWAY_SPI);
        client.sendInner(echo(2));
        byte[] reply = next(received);
        assertThat(InnerPackets.readEchoReply(reply).orElseThrow().sequence()).isEqualTo(2);
        assertThat(gateway.metrics().sealed().of(Verdict.NO_POLICY)).isEqualTo(1);
    }

    @Test
    void aRemovedPairOpensNothing() throws InterruptedException {
        install(Standing.CONFIRMED);
        client.sendInner(echo(1));
        next(received);
        assertThat(gateway.remove(GATEWAY_SPI)).isTrue();
        client.sendInner(echo(2));
        sendAndAwaitIke("behind it");
        assertThat(gateway.metrics().opened().of(Verdict.UNKNOWN_SPI)).isEqualTo(1);
        assertThat(gateway.traffic(GATEWAY_SPI)).isEmpty();
        List<Integer> wayward = new ArrayList<>();
        gateway.reportWayward((spi, _) -> wayward.add(spi));
        assertThat(wayward).containsExactly(GATEWAY_SPI);
    }

    @Test
    void ikeMessagesTravelBehindAMarkerOnThePortOfEspAndWithoutOneElsewhere()
            throws InterruptedException {
        assertThat(sendAndAwaitIke("hello"))
                .isEqualTo(new Ike(gatewayOuter, clientOuter, "hello", true));
        client.sendIke(clientOuter, gatewayIkeOuter, octets("plain"), false);
        client.flushIke();
        assertThat(next(gatewayIke))
                .isEqualTo(new Ike(gatewayIkeOuter, clientOuter, "plain", false));
    }

    /// RFC 3948 section 2.2: the port says how a datagram is read, whatever its sender took it for.
    @Test
    void aMarkerIsReadOnceAndOnThePortOfEspAlone() throws InterruptedException {
        client.sendIke(clientOuter, gatewayOuter, octets("a message ".repeat(8)), false);
        client.sendIke(clientOuter, gatewayIkeOuter, octets("one too many"), true);
        client.flushIke();
        assertThat(next(gatewayIke))
                .isEqualTo(new Ike(gatewayIkeOuter, clientOuter, MARKER + "one too many", false));
        assertThat(sendAndAwaitIke(MARKER + "twice"))
                .isEqualTo(new Ike(gatewayOuter, clientOuter, MARKER + "twice", true));
        assertThat(gateway.metrics().opened().of(Verdict.UNKNOWN_SPI))
                .as("without one it is ESP")
                .isEqualTo(1);
        assertThat(gatewayIke).isEmpty();
    }

    @Test
    void ikeMessagesForWhichThereIsNoRoomAreCounted() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            client.sendIke(clientOuter, gatewayOuter, octets("message " + i), true);
        }
        client.sendKeepalive(clientOuter, gatewayOuter);
        client.flushIke();
        install(Standing.CONFIRMED);
        client.sendInner(echo(1));
        next(received);
        assertThat(gateway.metrics().ikeDropped()).isEqualTo(2);
        assertThat(gateway.metrics().opened().of(Verdict.IKE)).isEqualTo(5);
        assertThat(gateway.metrics().opened().of(Verdict.KEEPALIVE)).isEqualTo(1);
        assertThat(gatewayIke).hasSize(3);
    }

    @Test
    void aMessageFromAnAddressThatIsNotOursIsCountedAsAFailure() {
        InetSocketAddress notOurs = new InetSocketAddress(address("192.0.2.1"), 4500);
        client.sendIke(notOurs, gatewayOuter, octets("x"), true);
        client.flushIke();
        assertThat(client.metrics().ikeSendFailures()).isEqualTo(1);
    }

    @Test
    void aPeerBehindARebindingNatIsReportedAndFollowed() throws InterruptedException {
        install(Standing.CONFIRMED);
        client.sendInner(echo(1));
        next(received);
        assertThat(next(gatewayEvidence.news)).isEqualTo("first 2002");
        UdpSocket rebound = socket();
        InetSocketAddress newOuter = rebound.localAddress();
        BlockingQueue<byte[]> atNewAddress = new LinkedBlockingQueue<>();
        DataPlane moved =
                DataPlane.start(
                        List.of(new DataPlanePort(rebound, true)),
                        new InnerSide.Application(atNewAddress::add),
                        (local, remote, octets, marker) -> true,
                        new Evidence());
        try (moved) {
            moved.install(clientSide(newOuter));
            // The same keys start again at 1: what the gateway has seen already it drops.
            moved.sendInner(echo(2));
            moved.sendInner(echo(3));
            assertThat(next(gatewayEvidence.news)).isEqualTo("moved " + newOuter);
            gateway.updatePath(GATEWAY_SPI, gatewayOuter, newOuter);
            moved.sendInner(echo(4));
            awaitReply(atNewAddress, 4);
        }
    }

    @Test
    void aClosedDataPlaneLeavesItsPortToOthers() throws IOException {
        client.close();
        UdpSocket.open(UdpSocketOptions.bind(clientOuter)).close();
    }

    /// The answer to an earlier request may come first, as the path changes between the two.
    private static void awaitReply(BlockingQueue<byte[]> queue, int sequence)
            throws InterruptedException {
        int seen;
        do {
            seen = InnerPackets.readEchoReply(next(queue)).orElseThrow().sequence();
        } while (seen != sequence);
    }

    private Ike sendAndAwaitIke(String text) throws InterruptedException {
        client.sendIke(clientOuter, gatewayOuter, octets(text), true);
        client.flushIke();
        return next(gatewayIke);
    }

    private byte[] echo(int sequence) {
        return InnerPackets.echoRequest(clientInner, gatewayInner, 7, sequence, new byte[56]);
    }

    private void install(Standing gatewayStanding) {
        client.install(clientSide(clientOuter));
        gateway.install(
                parameters(
                        GATEWAY_SPI,
                        CLIENT_SPI,
                        gatewayInner,
                        clientInner,
                        gatewayOuter,
                        clientOuter,
                        gatewayStanding));
    }

    private EspSaParameters clientSide(InetSocketAddress outer) {
        return parameters(
                CLIENT_SPI,
                GATEWAY_SPI,
                clientInner,
                gatewayInner,
                outer,
                gatewayOuter,
                Standing.CONFIRMED);
    }

    private static EspSaParameters parameters(
            int inboundSpi,
            int outboundSpi,
            InetAddress here,
            InetAddress there,
            InetSocketAddress local,
            InetSocketAddress peer,
            Standing standing) {
        return new EspSaParameters(
                inboundSpi,
                outboundSpi,
                ALGORITHM,
                key(inboundSpi),
                key(outboundSpi),
                true,
                new IvPrefix(1, 0),
                List.of(Selector.host(here)),
                List.of(Selector.host(there)),
                local,
                peer,
                EspSaParameters.DEFAULT_REPLAY_WINDOW,
                null,
                standing,
                EspSaParameters.Sequences.NEW);
    }

    private static SecretBytes key(int seed) {
        byte[] octets = new byte[ALGORITHM.keyMaterialLength()];
        Arrays.fill(octets, (byte) seed);
        return SecretBytes.owning(octets);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(30, TimeUnit.SECONDS), "nothing came");
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static UdpSocket socket() {
        try {
            return UdpSocket.open(
                    UdpSocketOptions.bind(new InetSocketAddress(address("127.0.0.1"), 0)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
