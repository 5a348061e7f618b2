package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.InitiatorByHand.find;
import static dev.postern.ike.world.InitiatorByHand.onlyNotify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// AUTH by a pre-shared key, and the identities that it proves, at both peers.
class Section_2_15_Authentication {
    private final World world = new World(2);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();
    private final Node gateway = world.add(gatewaySettings);
    private final Node client = world.add(clientSettings);

    @Test
    void aWrongKeyEndsBothPeersWithAuthenticationFailed() {
        clientSettings.preSharedKey = GatewaySettings.key("not the key that was agreed on");

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(gateway.count(Counter.REFUSED_AUTHENTICATION)).isEqualTo(1);
        assertThat(client.endpoint().size()).isZero();
        assertThat(client.installed()).isEmpty();
        assertThat(gateway.installed()).isEmpty();
    }

    @Test
    void anUnknownIdentityGetsTheAnswerOfAWrongKey() {
        InitiatorByHand stranger = new InitiatorByHand(world, gateway, 1);
        stranger.identity = Identity.fqdn("nobody.example");
        stranger.begin();
        InitiatorByHand liar = new InitiatorByHand(world, gateway, 2);
        liar.preSharedKey = GatewaySettings.key("not the key that was agreed on");
        liar.begin();

        List<Payload> toStranger =
                stranger.request(ExchangeType.IKE_AUTH, 1, stranger.authPayloads());
        List<Payload> toLiar = liar.request(ExchangeType.IKE_AUTH, 1, liar.authPayloads());

        assertThat(onlyNotify(toStranger)).isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
        assertThat(toLiar).isEqualTo(toStranger);
    }

    @Test
    void theKeyOfOneClientDoesNotProveAnother() {
        InitiatorByHand impostor = new InitiatorByHand(world, gateway, 1);
        impostor.identity = Identity.fqdn("c08.example");
        impostor.begin();

        List<Payload> answer = impostor.request(ExchangeType.IKE_AUTH, 1, impostor.authPayloads());

        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    @Test
    void aClientThatMeansAnotherGatewayIsRefused() {
        clientSettings.namedGateway = Identity.fqdn("gw-b.example");

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(gateway.count(Counter.REFUSED_AUTHENTICATION)).isEqualTo(1);
    }

    @Test
    void aClientThatNamesThisGatewayIsServed() {
        clientSettings.namedGateway = Identity.fqdn("gw-a.example");

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertThat(client.lastEstablished().peer()).isEqualTo(Identity.fqdn("gw-a.example"));
    }

    @Test
    void aRequestWithoutIdiOrWithoutAuthOrWithAnotherMethodIsRefused() {
        InitiatorByHand one = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> noIdentity = new ArrayList<>(one.authPayloads());
        noIdentity.removeIf(p -> p instanceof Payload.IdInitiator);
        InitiatorByHand two = new InitiatorByHand(world, gateway, 2).begin();
        List<Payload> noAuth = new ArrayList<>(two.authPayloads());
        noAuth.removeIf(p -> p instanceof Payload.Authentication);
        InitiatorByHand three = new InitiatorByHand(world, gateway, 3).begin();
        List<Payload> rsa = new ArrayList<>(three.authPayloads());
        Octets data = find(rsa, Payload.Authentication.class).data();
        rsa.replaceAll(
                p -> p instanceof Payload.Authentication ? new Payload.Authentication(1, data) : p);

        assertThat(onlyNotify(one.request(ExchangeType.IKE_AUTH, 1, noIdentity)))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
        assertThat(onlyNotify(two.request(ExchangeType.IKE_AUTH, 1, noAuth)))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
        assertThat(onlyNotify(three.request(ExchangeType.IKE_AUTH, 1, rsa)))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    @Test
    void anAuthThatIsOneBitOffOrCutShortIsRefused() {
        for (int kind = 0; kind < 3; kind++) {
            InitiatorByHand peer = new InitiatorByHand(world, gateway, 10 + kind).begin();
            byte[] auth = find(peer.authPayloads(), Payload.Authentication.class).data().array();
            byte[] wrong =
                    switch (kind) {
                        case 0 -> flipped(auth);
                        case 1 -> java.util.Arrays.copyOf(auth, auth.length - 1);
                        default -> new byte[0];
                    };
            List<Payload> payloads = new ArrayList<>(peer.authPayloads());
            payloads.replaceAll(p ->
                    p instanceof Payload.Authentication
                            ? new Payload.Authentication(2, Octets.of(wrong))
                            : p);
            assertThat(onlyNotify(peer.request(ExchangeType.IKE_AUTH, 1, payloads)))
                    .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
        }
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
    }

    private static byte[] flipped(byte[] octets) {
        byte[] changed = octets.clone();
        changed[changed.length / 2] ^= 1;
        return changed;
    }

    @Test
    void aRefusedRequestThatComesAgainGetsTheSameAnswer() {
        InitiatorByHand liar = new InitiatorByHand(world, gateway, 1);
        liar.preSharedKey = GatewaySettings.key("not the key that was agreed on");
        liar.begin();
        byte[] request = liar.seal(ExchangeType.IKE_AUTH, false, 1, liar.authPayloads());

        List<Datagram> first = liar.send(request);
        List<Datagram> second = liar.send(request);

        assertThat(second.getFirst().octets()).isEqualTo(first.getFirst().octets());
        assertThat(gateway.count(Counter.REFUSED_AUTHENTICATION)).isEqualTo(1);
    }

    @Test
    void aRefusedPeerGetsNoSecondTry() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        peer.preSharedKey = GatewaySettings.key("not the key that was agreed on");
        peer.begin();
        peer.request(ExchangeType.IKE_AUTH, 1, peer.authPayloads());
        peer.preSharedKey = GatewaySettings.key("correct horse battery staple");

        assertThat(peer.send(peer.seal(ExchangeType.IKE_AUTH, false, 1, peer.authPayloads())))
                .isEmpty();
        assertThat(peer.send(peer.seal(ExchangeType.IKE_AUTH, false, 2, peer.authPayloads())))
                .isEmpty();
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(1);
        world.advance(java.time.Duration.ofSeconds(31));
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void aClientRefusesAGatewayThatItDoesNotExpectAndTellsIt() {
        client.initiate(1, clientSettings.profile(), gateway);
        GatewayByHand impostor = new GatewayByHand(world, client, gateway);
        impostor.identity = Identity.fqdn("gw-x.example");
        impostor.begin();

        impostor.answerAuth(impostor.authPayloads());

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.UNEXPECTED_IDENTITY);
        assertThat(client.lastClosed().detail()).contains("gw-x.example", "gw-a.example");
        assertThat(impostor.open(impostor.received()))
                .containsExactly(new Payload.Delete(1, List.of()));
        assertThat(client.installed()).isEmpty();
    }

    @Test
    void aClientRefusesAGatewayWithTheWrongKey() {
        client.initiate(1, clientSettings.profile(), gateway);
        GatewayByHand impostor = new GatewayByHand(world, client, gateway);
        impostor.preSharedKey = GatewaySettings.key("not the key that was agreed on");
        impostor.begin();

        impostor.answerAuth(impostor.authPayloads());

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(client.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(client.installed()).isEmpty();
    }

    @Test
    void aClientAcceptsAGatewayThatProvesItself() {
        client.initiate(1, clientSettings.profile(), gateway);
        GatewayByHand honest = new GatewayByHand(world, client, gateway);
        honest.begin();

        honest.answerAuth(honest.authPayloads());

        assertThat(client.lastEstablished().peer()).isEqualTo(Identity.fqdn("gw-a.example"));
        assertThat(client.installed()).hasSize(1);
    }

    @Test
    void aReflectedMessageProvesNothing() {
        client.initiate(1, clientSettings.profile(), gateway);
        GatewayByHand mirror = new GatewayByHand(world, client, gateway);
        mirror.begin();
        byte[] ownRequest = mirror.received().octets();

        mirror.send(ownRequest);

        assertThat(client.count(Counter.DROPPED_UNKNOWN_SPI)).isEqualTo(1);
        assertThat(client.events(Event.IkeSaEstablished.class)).isEmpty();
    }
}
