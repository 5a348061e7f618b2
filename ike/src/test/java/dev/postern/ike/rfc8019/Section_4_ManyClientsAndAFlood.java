package dev.postern.ike.rfc8019;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Now;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Half-open floods, and thousands of clients whom nobody mistakes for one.
class Section_4_ManyClientsAndAFlood {
    private static final int CLIENTS = 5_000;

    private final World world = new World(32);
    private final GatewaySettings settings = new GatewaySettings('a');
    private final Random random = new Random(33);

    private static Limits limits(int cookieThreshold, int halfOpenLimit) {
        return new Limits(
                cookieThreshold,
                halfOpenLimit,
                30 * Now.NANOS_PER_SECOND,
                50_000,
                4,
                30 * Now.NANOS_PER_SECOND);
    }

    private byte[] strangersInit(InitiatorByHand like, long spi) {
        return MessageCodec.encode(
                new Header(spi, 0, ExchangeType.IKE_SA_INIT, true, false, 0), like.initPayloads());
    }

    private InetSocketAddress anywhere() {
        return Net.port4500(
                Net.ip(11 + random.nextInt(80), random.nextInt(256), random.nextInt(256), 9));
    }

    /// One address, 5,000 clients, and three spoofed first messages for each true one.
    ///
    /// Interop: half-open limits: 5,000 clients behind one address get in through a flood (RFC
    /// 8019) | Postern | Postern initiates
    @Test
    void fiveThousandClientsBehindOneAddressAllGetInWhileAFloodRuns() {
        settings.limits = limits(50, 1_000);
        Node gateway = world.add(settings);
        ClientSettings clientSettings = new ClientSettings();
        Node nat = world.add(clientSettings);
        InitiatorByHand like = new InitiatorByHand(world, gateway, 1);
        for (int client = 1; client <= CLIENTS; client++) {
            for (int i = 0; i < 3; i++) {
                world.deliver(
                        new Datagram(
                                anywhere(),
                                gateway.address(),
                                strangersInit(like, random.nextLong() | 1)));
            }
            nat.initiate(client, clientSettings.profile(), gateway);
            if (client % 500 == 0) {
                world.advance(Duration.ofMillis(100));
                world.carried().clear();
            }
        }
        world.advance(Duration.ofSeconds(10));

        assertThat(gateway.count(Counter.ESTABLISHED_FULL)).isEqualTo(CLIENTS);
        assertThat(nat.installed()).hasSize(CLIENTS);
        assertThat(gateway.count(Counter.DROPPED_HALF_OPEN_LIMIT)).isZero();
        assertThat(gateway.count(Counter.COOKIE_SENT)).isGreaterThan(3 * CLIENTS - 200);
    }

    /// A flood from addresses that are real: each brings its cookie back, none ever authenticates.
    @Test
    void oldStrangersMakeRoomForWhoeverComesWithAProof() {
        settings.limits = limits(0, 20);
        Node gateway = world.add(settings);
        for (int i = 1; i <= 10; i++) {
            InitiatorByHand bot = new InitiatorByHand(world, gateway, i);
            bringCookie(bot);
        }
        int full = gateway.endpoint().halfOpen();
        assertThat(full).isEqualTo(10);
        world.advance(Duration.ofSeconds(3));
        for (int wave = 0; wave < 20; wave++) {
            ClientSettings each = new ClientSettings();
            each.host = 20 + wave;
            Node client = world.add(each);
            client.initiate(1, each.profile(), gateway);
            world.settle();
            assertThat(client.installed()).as("client %d", wave).hasSize(1);
        }
        assertThat(gateway.endpoint().halfOpen()).isLessThanOrEqualTo(20);
    }

    /// They have proven their addresses and solved their puzzles, and go no further.
    @Test
    void aNearlyFullGatewayTakesANewcomerInPlaceOfAnOldOneAlone() {
        settings.limits = limits(0, 10);
        Node gateway = world.add(settings);
        world.setFate(one ->
                one.header().exchange() == ExchangeType.IKE_AUTH ? Fate.lost() : Fate.delivered());
        for (int host = 20; host < 29; host++) {
            begin(host, gateway);
        }
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(9);

        begin(29, gateway);

        assertThat(gateway.endpoint().halfOpen()).isEqualTo(9);
        assertThat(gateway.count(Counter.DROPPED_HALF_OPEN_LIMIT)).isEqualTo(1);
        assertThat(gateway.count(Counter.EVICTED_HALF_OPEN)).isZero();
        world.advance(Duration.ofSeconds(10));
        assertThat(gateway.count(Counter.EVICTED_HALF_OPEN)).isEqualTo(1);
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(9);
    }

    private void begin(int host, Node gateway) {
        ClientSettings each = new ClientSettings();
        each.host = host;
        world.add(each).initiate(1, each.profile(), gateway);
        world.settle();
    }

    /// A resume in two round trips holds to the limit too, and makes room for itself as a full
    /// exchange does.
    @Test
    void aResumeAtAFullGatewayTakesThePlaceOfAnOldStrangerAlone() {
        settings.limits = limits(1_000, 3);
        Node gateway = world.add(settings);
        ClientSettings clientSettings = new ClientSettings();
        clientSettings.resumption = Suites.RFC_5723;
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        for (int i = 1; i <= 3; i++) {
            new InitiatorByHand(world, gateway, i).begin();
        }

        client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
        world.settle();

        assertThat(client.lastEstablished().handle()).isEqualTo(1);
        assertThat(gateway.count(Counter.DROPPED_HALF_OPEN_LIMIT)).isEqualTo(1);
        world.advance(Duration.ofSeconds(10));
        client.resume(3, clientSettings.profile(), gateway, client.lastTicket());
        world.settle();
        assertThat(client.lastEstablished().handle()).isEqualTo(3);
        assertThat(gateway.count(Counter.EVICTED_HALF_OPEN)).isEqualTo(1);
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(2);
    }

    private static List<Datagram> bringCookie(InitiatorByHand peer) {
        Message answer = peer.send(peer.init(peer.initPayloads())).getFirst().message();
        Payload.Notify cookie = Message.findNotify(answer.payloads(), NotifyType.COOKIE);
        List<Payload> again = new ArrayList<>(peer.initPayloads());
        if (cookie != null) {
            again.addFirst(cookie);
        }
        return peer.send(peer.init(again));
    }

    /// Section 4.5: who holds a ticket comes first.
    @Test
    void aResumeIsServedWithoutAPuzzleWhileHandshakesMustSolveOne() {
        settings.limits = limits(0, 20);
        Node gateway = world.add(settings);
        ClientSettings clientSettings = new ClientSettings();
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        for (int i = 1; i <= 10; i++) {
            bringCookie(new InitiatorByHand(world, gateway, i));
        }
        long before = gateway.count(Counter.PUZZLE_SENT);

        client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
        world.settle();

        assertThat(client.lastEstablished().handle()).isEqualTo(2);
        assertThat(gateway.count(Counter.PUZZLE_SENT)).isEqualTo(before);
    }

    /// The cookie is made for an address, not for a port: a NAT may give the second message
    /// another.
    @Test
    void aCookieIsGoodFromAnotherPortOfTheSameAddress() {
        settings.limits = limits(0, 20);
        Node gateway = world.add(settings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        Message answer = peer.send(peer.init(peer.initPayloads())).getFirst().message();
        Payload.Notify cookie = Message.findNotify(answer.payloads(), NotifyType.COOKIE);
        assertThat(cookie).isNotNull();
        List<Payload> again = new ArrayList<>(peer.initPayloads());
        if (cookie != null) {
            again.addFirst(cookie);
        }

        world.deliver(
                new Datagram(
                        new InetSocketAddress(peer.address.getAddress(), 61_234),
                        gateway.address(),
                        peer.init(again)));
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(1);

        InitiatorByHand elsewhere = new InitiatorByHand(world, gateway, 2);
        world.deliver(new Datagram(elsewhere.address, gateway.address(), peer.init(again)));
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(1);
    }

    /// Section 4.6: garbage under a true SPI costs one key agreement, whatever comes after it.
    @Test
    void garbageInIkeAuthCostsOneKeyAgreementAndTheTrueMessageStillCounts() {
        Node gateway = world.add(settings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        for (int i = 0; i < 1_000; i++) {
            byte[] garbage = peer.seal(ExchangeType.IKE_AUTH, false, 1, peer.authPayloads());
            garbage[garbage.length - 1 - i % 16] ^= 1;
            assertThat(peer.send(garbage)).isEmpty();
        }
        assertThat(gateway.count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1_000);
        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 1, peer.authPayloads());
        assertThat(Message.find(answer, Payload.Authentication.class)).isNotNull();
    }
}
