package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Now;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// COOKIE, and what strangers can make a gateway keep.
class Section_2_6_Cookies {
    private final World world = new World(9);
    private final GatewaySettings settings = new GatewaySettings('a');

    private static Limits limits(int cookieThreshold, int halfOpen) {
        return new Limits(
                cookieThreshold,
                halfOpen,
                30 * Now.NANOS_PER_SECOND,
                100,
                4,
                30 * Now.NANOS_PER_SECOND);
    }

    /// Interop: COOKIE (RFC 7296, 2.6) | Postern | Postern initiates
    @Test
    void aClientBringsTheCookieBackAndConnects() {
        settings.limits = limits(0, 100);
        ClientSettings clientSettings = new ClientSettings();
        Node gateway = world.add(settings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(world.carried()).hasSize(6);
        Message first = world.carried().get(0).message();
        Message again = world.carried().get(2).message();
        assertThat(again.header()).isEqualTo(first.header());
        assertThat(again.payloads().getFirst())
                .isEqualTo(world.carried().get(1).message().payloads().getFirst());
        assertThat(again.payloads().subList(1, again.payloads().size()))
                .as("everything else is unchanged")
                .isEqualTo(first.payloads());
    }

    @Test
    void aCookieAndAnotherGroupTogetherStillConnect() {
        settings.limits = limits(0, 100);
        settings.ikeSuites = Suites.ike("aes256gcm16-prfsha384-ecp256");
        ClientSettings clientSettings = new ClientSettings();
        clientSettings.ikeSuites =
                Suites.ike("aes256gcm16-prfsha384-x25519", "aes256gcm16-prfsha384-ecp256");
        Node gateway = world.add(settings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
    }

    @Test
    void belowTheThresholdNobodyIsAskedAndAboveItEverybody() {
        settings.limits = limits(2, 100);
        Node gateway = world.add(settings);
        new InitiatorByHand(world, gateway, 1).begin();
        new InitiatorByHand(world, gateway, 2).begin();
        InitiatorByHand third = new InitiatorByHand(world, gateway, 3);

        List<Datagram> back = third.send(third.init(third.initPayloads()));

        assertThat(back.getFirst().message().payloads())
                .allMatch(p -> p instanceof Payload.Notify n && n.is(NotifyType.COOKIE));
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(2);
        assertThat(gateway.count(Counter.COOKIE_SENT)).isEqualTo(1);
    }

    @Test
    void aCookieOfAnotherNonceOrSpiIsWorthNothing() {
        settings.limits = limits(0, 100);
        Node gateway = world.add(settings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        Payload cookie =
                peer.send(peer.init(peer.initPayloads()))
                        .getFirst()
                        .message()
                        .payloads()
                        .getFirst();
        List<Payload> withCookie = new ArrayList<>(peer.initPayloads());
        withCookie.addFirst(cookie);
        peer.spiI++;
        assertThat(gateway.endpoint().size()).isZero();

        peer.send(peer.init(withCookie));

        assertThat(gateway.endpoint().size()).isZero();
        assertThat(gateway.count(Counter.COOKIE_WRONG)).isEqualTo(1);
        peer.spiI--;
        peer.send(peer.init(withCookie));
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(1);
    }

    @Test
    void halfOpenIkeSasAreBoundedAndExpire() {
        settings.limits = limits(1_000, 3);
        Node gateway = world.add(settings);
        for (int i = 1; i <= 3; i++) {
            new InitiatorByHand(world, gateway, i).begin();
        }
        InitiatorByHand fourth = new InitiatorByHand(world, gateway, 4);
        assertThat(fourth.send(fourth.init(fourth.initPayloads()))).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_HALF_OPEN_LIMIT)).isEqualTo(1);

        world.advance(Duration.ofSeconds(31));

        assertThat(gateway.endpoint().halfOpen()).isZero();
        assertThat(gateway.endpoint().size()).isZero();
        assertThat(gateway.count(Counter.EXPIRED_HALF_OPEN)).isEqualTo(3);
        fourth.begin();
    }

    @Test
    void nothingIsKeptForARefusedRequest() {
        settings.ikeSuites = Suites.ike("aes256gcm16-prfsha384-ecp384");
        Node gateway = world.add(settings);
        for (int i = 1; i <= 50; i++) {
            InitiatorByHand peer = new InitiatorByHand(world, gateway, i);
            assertThat(peer.send(peer.init(peer.initPayloads()))).hasSize(1);
        }
        assertThat(gateway.endpoint().size()).isZero();
        assertThat(gateway.count(Counter.REFUSED_NO_PROPOSAL_CHOSEN)).isEqualTo(50);
    }
}
