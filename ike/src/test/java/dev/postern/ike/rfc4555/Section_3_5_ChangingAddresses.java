package dev.postern.ike.rfc4555;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.NetworkPolicy;
import dev.postern.ike.Path;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A client moves, and its Child SAs go with it.
class Section_3_5_ChangingAddresses {
    private static final InetSocketAddress ELSEWHERE = Net.port4500(Net.ip(203, 0, 113, 200));

    private final World world = new World(41);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private static List<Path> moves(Node node) {
        return node.effects().stream()
                .filter(Effect.MoveChildSa.class::isInstance)
                .map(effect -> ((Effect.MoveChildSa) effect).path())
                .toList();
    }

    private Node established(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        assertThat(client.installed()).hasSize(1);
        return client;
    }

    @Test
    void theGatewayFollowsOnceTheNewAddressHasAnswered() {
        Node gateway = world.add(gatewaySettings);
        Node client = established(gateway);
        world.moveTo(client, ELSEWHERE);

        client.give(new Input.Moved(1, new Path(ELSEWHERE, gateway.address(), true)));
        world.settle();

        assertThat(moves(gateway)).extracting(Path::remote).containsExactly(ELSEWHERE);
        assertThat(moves(client)).extracting(Path::local).containsExactly(ELSEWHERE);
        assertThat(gateway.count(Counter.ADDRESSES_UPDATED)).isEqualTo(1);
        assertThat(client.count(Counter.ADDRESSES_UPDATED)).isEqualTo(1);
    }

    @Test
    void withoutTheReturnRoutabilityCheckTheChildSasStay() {
        Node gateway = world.add(gatewaySettings);
        Node client = established(gateway);
        int before = world.carried().size();
        world.moveTo(client, ELSEWHERE);
        world.setFate(datagram ->
                datagram.from().equals(gateway.address()) && !datagram.header().response()
                        ? Fate.lost()
                        : Fate.delivered());

        client.give(new Input.Moved(1, new Path(ELSEWHERE, gateway.address(), true)));
        world.settle();

        assertThat(world.carried().subList(before, world.carried().size()))
                .hasSizeGreaterThanOrEqualTo(3);
        assertThat(moves(gateway)).isEmpty();
    }

    @Test
    void aLostUpdateIsSentAgainFromTheNewAddress() {
        Node gateway = world.add(gatewaySettings);
        Node client = established(gateway);
        world.moveTo(client, ELSEWHERE);
        List<Datagram> lost = new ArrayList<>();
        world.setFate(datagram -> {
            if (lost.size() < 2) {
                lost.add(datagram);
                return Fate.lost();
            }
            return Fate.delivered();
        });

        client.give(new Input.Moved(1, new Path(ELSEWHERE, gateway.address(), true)));
        world.advance(Duration.ofSeconds(5));

        assertThat(moves(gateway)).extracting(Path::remote).containsExactly(ELSEWHERE);
    }

    /// Section 3.8: no dynamic updates by IKE messages; the answer goes where the request came
    /// from.
    @Test
    void anotherRequestFromAnotherAddressMovesNothingAndIsAnswered() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = mobile(gateway);
        byte[] probe = peer.seal(ExchangeType.INFORMATIONAL, false, 2, List.of());
        int before = world.carried().size();

        world.deliver(new Datagram(ELSEWHERE, gateway.address(), probe));
        world.settle();

        assertThat(world.carried().subList(before, world.carried().size()))
                .hasSize(1)
                .allMatch(d -> d.to().equals(ELSEWHERE));
        assertThat(moves(gateway)).isEmpty();
    }

    private InitiatorByHand mobile(Node gateway) {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.add(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 1, payloads);
        assertThat(Message.findNotify(answer, NotifyType.MOBIKE_SUPPORTED)).isNotNull();
        return peer;
    }

    /// Section 3.2: who wants to use MOBIKE says so in IKE_AUTH. Of others its notifications are
    /// like any that is not known, and ignored (RFC 7296 section 3.10.1).
    @ParameterizedTest(name = "gateway with MOBIKE {0}, peer with MOBIKE {1}")
    @CsvSource({"true, false", "false, true", "false, false"})
    void anUpdateChangesNothingUnlessBothHaveAnnouncedMobike(boolean gateways, boolean peers) {
        gatewaySettings.network = NetworkPolicy.DEFAULT.withMobike(gateways, List.of());
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        if (peers) {
            payloads.add(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        }
        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 1, payloads);
        assertThat(Message.find(answer, Payload.Authentication.class)).isNotNull();
        Payload update = Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES);
        Payload noNats =
                Payload.Notify.of(NotifyType.NO_NATS_ALLOWED, Octets.of(new byte[] {1, 2, 3, 4}));

        assertThat(peer.request(ExchangeType.INFORMATIONAL, 2, List.of(update)))
                .as("no NAT_DETECTION")
                .isEmpty();
        assertThat(peer.request(ExchangeType.INFORMATIONAL, 3, List.of(update, noNats)))
                .as("no UNEXPECTED_NAT_DETECTED")
                .isEmpty();
        assertThat(gateway.count(Counter.REFUSED_NAT)).isZero();
        assertThat(moves(gateway)).isEmpty();
    }

    /// "In MOBIKE, the initiator decides what addresses are used in the IPsec SAs."
    @Test
    void anUpdateOfTheResponderMovesNothing() {
        Node seat = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), seat);
        GatewayByHand responder = new GatewayByHand(world, client, seat).begin();
        List<Payload> payloads = new ArrayList<>(responder.authPayloads());
        payloads.add(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        responder.answerAuth(payloads);
        assertThat(client.installed()).hasSize(1);
        byte[] update =
                responder.seal(
                        ExchangeType.INFORMATIONAL,
                        false,
                        0,
                        List.of(Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES)));
        int before = world.carried().size();

        world.deliver(new Datagram(ELSEWHERE, client.address(), update));
        world.settle();

        assertThat(world.carried().subList(before, world.carried().size()))
                .as("the answer, and no question")
                .hasSize(1);
        assertThat(responder.open(responder.received())).isEmpty();
        assertThat(moves(client)).isEmpty();
    }

    /// RFC 7296 section 2.23, for peers without MOBIKE.
    @Test
    void withoutMobikeAnyAuthenticRequestMovesThePeer() {
        gatewaySettings.network = NetworkPolicy.DEFAULT.withMobike(false, List.of());
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        byte[] probe = peer.seal(ExchangeType.INFORMATIONAL, false, 2, List.of());

        world.deliver(new Datagram(ELSEWHERE, gateway.address(), probe));
        world.settle();

        assertThat(moves(gateway)).extracting(Path::remote).containsExactly(ELSEWHERE);
    }

    @Test
    void anEspPacketFromAnotherPortMovesIkeAndChildSas() {
        Node gateway = world.add(gatewaySettings);
        Node client = established(gateway);
        InetSocketAddress rebound = new InetSocketAddress(client.address().getAddress(), 61_000);
        int spi = gateway.installed().getFirst().inboundSpi();

        gateway.give(new Input.PeerMoved(spi, new Path(gateway.address(), rebound, true)));

        assertThat(moves(gateway)).extracting(Path::remote).containsExactly(rebound);
        gateway.give(new Input.PeerMoved(0x7777_7777, new Path(gateway.address(), rebound, true)));
        assertThat(moves(gateway)).hasSize(1);
    }

    /// Section 3.9.
    @Test
    void whoAllowsNoNatsIsToldOfOne() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = mobile(gateway);
        List<Payload> update =
                List.of(
                        Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES),
                        Payload.Notify.of(
                                NotifyType.NO_NATS_ALLOWED, Octets.of(new byte[] {1, 2, 3, 4})));

        List<Payload> answer = peer.request(ExchangeType.INFORMATIONAL, 2, update);

        assertThat(InitiatorByHand.onlyNotify(answer))
                .isEqualTo(NotifyType.UNEXPECTED_NAT_DETECTED.code());
        assertThat(moves(gateway)).isEmpty();
    }

    @Test
    void cookie2ComesBackUnchangedAndASillyOneDoesNot() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = mobile(gateway);
        Payload.Notify cookie =
                Payload.Notify.of(NotifyType.COOKIE2, Octets.ofHex("0123456789abcdef"));
        assertThat(peer.request(ExchangeType.INFORMATIONAL, 2, List.of(cookie)))
                .containsExactly(cookie);
        Payload.Notify huge = Payload.Notify.of(NotifyType.COOKIE2, Octets.of(new byte[65]));
        assertThat(peer.request(ExchangeType.INFORMATIONAL, 3, List.of(huge))).isEmpty();
    }

    /// Section 3.7: a peer that answers the check with another cookie is no peer.
    @Test
    void aWrongCookie2EndsTheIkeSa() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = mobile(gateway);
        byte[] update =
                peer.seal(
                        ExchangeType.INFORMATIONAL,
                        false,
                        2,
                        List.of(Payload.Notify.of(NotifyType.UPDATE_SA_ADDRESSES)));
        world.deliver(new Datagram(ELSEWHERE, gateway.address(), update));
        world.deliver(
                new Datagram(
                        ELSEWHERE,
                        gateway.address(),
                        peer.seal(ExchangeType.INFORMATIONAL, true, 0, List.of())));
        world.settle();

        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.SYNTAX);
        assertThat(moves(gateway)).isEmpty();
    }

    @Test
    void aGatewayAdvertisesNoAddressButThoseConfiguredForIt() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.add(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 1, payloads);
        assertThat(Message.findNotify(answer, NotifyType.ADDITIONAL_IP4_ADDRESS)).isNull();

        GatewaySettings other = new GatewaySettings('b');
        other.network = NetworkPolicy.DEFAULT.withMobike(true, List.of(Net.ip(192, 0, 2, 99)));
        InitiatorByHand second = new InitiatorByHand(world, world.add(other), 2).begin();
        List<Payload> more = new ArrayList<>(second.authPayloads());
        more.add(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        assertThat(second.request(ExchangeType.IKE_AUTH, 1, more))
                .contains(
                        Payload.Notify.of(
                                NotifyType.ADDITIONAL_IP4_ADDRESS, Octets.ofHex("c0000263")));
    }

    @Test
    void aResumedSessionStillSpeaksMobike() {
        Node gateway = world.add(gatewaySettings);
        Node client = established(gateway);
        assertThat(client.lastTicket().session().has(Session.Extension.MOBIKE)).isTrue();
        client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
        world.settle();
        world.moveTo(client, ELSEWHERE);

        client.give(new Input.Moved(2, new Path(ELSEWHERE, gateway.address(), true)));
        world.settle();

        assertThat(moves(gateway)).extracting(Path::remote).contains(ELSEWHERE);
        assertThat(client.count(Counter.ADDRESSES_UPDATED)).isEqualTo(1);
    }
}
