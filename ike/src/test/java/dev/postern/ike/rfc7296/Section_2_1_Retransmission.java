package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// Requests are repeated, responses are repeated when asked for, and both are the same octets.
class Section_2_1_Retransmission {
    private final World world = new World(5);
    private final ClientSettings settings = new ClientSettings();
    private final Node gateway = world.add(new GatewaySettings('a'));
    private final Node client = world.add(settings);

    @Test
    void aRequestIsRepeatedOctetByOctetOnItsScheduleAndThenGivenUp() {
        world.setFate(_ -> Fate.lost());
        client.initiate(1, settings.profile(), gateway);
        byte[] first = world.carried().getFirst().octets();

        assertSentAfter(499, 1);
        assertSentAfter(500, 2);
        assertSentAfter(1399, 2);
        assertSentAfter(1400, 3);
        assertSentAfter(3020, 4);
        assertThat(world.carried()).allMatch(d -> java.util.Arrays.equals(d.octets(), first));
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        world.advance(Duration.ofSeconds(3));
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_UNRESPONSIVE);
        assertThat(client.endpoint().size()).isZero();
        assertThat(client.endpoint().nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    private long elapsedMillis;

    private void assertSentAfter(long millis, int count) {
        world.advance(Duration.ofMillis(millis - elapsedMillis));
        elapsedMillis = millis;
        assertThat(world.carried()).as("sent after %d ms", millis).hasSize(count);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aLossOfAnyOneMessageIsRepaired(int lost) {
        AtomicInteger count = new AtomicInteger();
        world.setFate(_ -> count.getAndIncrement() == lost ? Fate.lost() : Fate.delivered());

        client.initiate(1, settings.profile(), gateway);
        world.advance(Duration.ofSeconds(3));

        assertTunnel(client, gateway);
        assertThat(gateway.events(Event.IkeSaEstablished.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(1);
    }

    @Test
    void everyMessageTwiceChangesNothing() {
        world.setFate(_ -> Fate.twice());

        client.initiate(1, settings.profile(), gateway);
        world.advance(Duration.ofSeconds(3));

        assertTunnel(client, gateway);
        assertThat(gateway.events(Event.IkeSaEstablished.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(1);
        assertThat(gateway.installed()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aWireThatLosesDelaysAndDoublesStillLeadsToAtMostOneTunnelEach(long seed) {
        Random random = new Random(seed);
        world.setFate(_ ->
                switch (random.nextInt(4)) {
                    case 0 -> Fate.lost();
                    case 1 -> Fate.twice();
                    case 2 -> List.of(random.nextLong(900_000_000L));
                    default -> Fate.delivered();
                });

        client.initiate(1, settings.profile(), gateway);
        world.advance(Duration.ofSeconds(20));

        assertThat(gateway.installed()).hasSizeLessThanOrEqualTo(1);
        if (!client.installed().isEmpty()) {
            assertTunnel(client, gateway);
        } else {
            assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_UNRESPONSIVE);
        }
    }

    @Test
    void aRepeatedIkeSaInitGetsTheSameOctets() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();

        List<Datagram> again = peer.send(peer.initRequest());

        assertThat(again).hasSize(1);
        assertThat(again.getFirst().octets()).isEqualTo(peer.initResponse().octets().array());
        assertThat(gateway.count(Counter.RETRANSMITTED_RESPONSE)).isEqualTo(1);
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(1);
    }

    /// "It is not sufficient to use the initiator's SPI and/or IP address to differentiate between
    /// these three cases because two different peers behind a single NAT could choose the same
    /// initiator SPI."
    @Test
    void twoInitiatorsBehindOneNatMayChooseTheSameSpi() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        InitiatorByHand other = new InitiatorByHand(world, gateway, 2);
        other.spiI = peer.spiI;

        other.begin();
        assertThat(other.initResponse().header().spiR())
                .isNotEqualTo(peer.initResponse().header().spiR());
        assertThat(other.send(other.initRequest()).getFirst().octets())
                .isEqualTo(other.initResponse().octets().array());
        assertThat(peer.send(peer.initRequest()).getFirst().octets())
                .isEqualTo(peer.initResponse().octets().array());
        peer.establish();
        other.establish();

        assertThat(gateway.events(Event.IkeSaEstablished.class)).hasSize(2);
        assertThat(gateway.count(Counter.DROPPED_WRONG_STATE)).isZero();
    }

    /// "items before it (such as the IP and UDP headers) do not have to be identical"
    @Test
    void aRetransmissionFromAnotherAddressBeginsNothingNew() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        InetSocketAddress moved = Net.port4500(Net.ip(198, 51, 100, 9));

        world.deliver(new Datagram(moved, gateway.address(), peer.initRequest()));
        world.settle();

        Datagram again = world.carried().getLast();
        assertThat(again.to()).isEqualTo(moved);
        assertThat(again.octets()).isEqualTo(peer.initResponse().octets().array());
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(1);
    }

    /// "or it belongs to an existing IKE SA where the IKE_AUTH request has been already received
    /// (in which case the responder ignores it)"
    @Test
    void anIkeSaInitAfterItsIkeAuthIsIgnored() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();

        assertThat(peer.send(peer.initRequest())).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_WRONG_STATE)).isEqualTo(1);
        assertThat(gateway.endpoint().halfOpen()).isZero();
    }

    @Test
    void aRepeatedIkeAuthGetsTheSameOctets() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        byte[] request = peer.seal(ExchangeType.IKE_AUTH, false, 1, peer.authPayloads());

        List<Datagram> first = peer.send(request);
        List<Datagram> second = peer.send(request);

        assertThat(second.getFirst().octets()).isEqualTo(first.getFirst().octets());
        assertThat(gateway.events(Event.IkeSaEstablished.class)).hasSize(1);
    }

    @Test
    void ikeAuthSealedAnewUnderTheSameMessageIdGetsNothing() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();

        assertThat(peer.send(peer.seal(ExchangeType.IKE_AUTH, false, 1, peer.authPayloads())))
                .isEmpty();
        assertThat(gateway.count(Counter.DROPPED_MESSAGE_ID)).isEqualTo(1);
    }

    @Test
    void aRepeatedInformationalGetsTheSameOctetsUntilTheNextRequest() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        byte[] request = peer.seal(ExchangeType.INFORMATIONAL, false, 2, List.of());
        byte[] answer = peer.send(request).getFirst().octets();

        assertThat(peer.send(request).getFirst().octets()).isEqualTo(answer);
        peer.request(ExchangeType.INFORMATIONAL, 3, List.of());
        assertThat(peer.send(request)).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_MESSAGE_ID)).isEqualTo(1);
    }

    @Test
    void messageIdsAheadOfTheWindowAreDropped() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();

        for (int id : new int[] {3, 4, 1000, -1, 0}) {
            assertThat(peer.send(peer.seal(ExchangeType.INFORMATIONAL, false, id, List.of())))
                    .as("answer to Message ID %d", id)
                    .isEmpty();
        }
        assertThat(gateway.count(Counter.DROPPED_MESSAGE_ID)).isEqualTo(5);
        assertThat(peer.request(ExchangeType.INFORMATIONAL, 2, List.of())).isEmpty();
    }

    @Test
    void aResponseThatNobodyWaitsForIsDropped() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();

        peer.send(peer.seal(ExchangeType.INFORMATIONAL, true, 0, List.of()));

        assertThat(gateway.count(Counter.DROPPED_UNWANTED_RESPONSE)).isEqualTo(1);
    }
}
