package dev.postern.ike.rfc5998;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.EapByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.EapPacket;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Who may leave AUTH out, and what the method must be then.
class Section_3_EapOnly {
    private static final EapPolicy ONLY = new EapPolicy(null, true, true);
    private static final EapPolicy BY_KEY =
            new EapPolicy(GatewaySettings.key("what proves the gateway"), false, true);
    private static final EapPolicy EITHER =
            new EapPolicy(GatewaySettings.key("what proves the gateway"), true, true);

    private final World world = new World(5998);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings settings = new ClientSettings();
    private final EapByHand method = new EapByHand();

    private Node[] connect(EapPolicy atGateway, EapPolicy atClient) {
        gatewaySettings.eap = atGateway;
        settings.eap = atClient;
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(settings);
        method.seat(gateway, client);
        client.initiate(1, settings.profile(), gateway);
        world.settle();
        return new Node[] {gateway, client};
    }

    @Test
    void aMutualMethodProvesBoth() {
        Node[] ends = connect(ONLY, ONLY);

        assertTunnel(ends[1], ends[0]);
        assertThat(method.toServer).allSatisfy(ask -> assertThat(ask.eapOnly()).isTrue());
        assertThat(method.toPeer).allSatisfy(ask -> assertThat(ask.eapOnly()).isTrue());
    }

    @Test
    void anotherKeyAtTheServerProvesNoGateway() {
        method.serverKey = 8;
        Node[] ends = connect(ONLY, ONLY);

        assertThat(ends[1].lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(ends[1].installed()).isEmpty();
    }

    @Test
    void aMethodThatIsNotMutualIsRefusedByTheGateway() {
        method.mutual = false;
        Node[] ends = connect(ONLY, ONLY);

        assertThat(ends[0].count(Counter.REFUSED_EAP)).isEqualTo(1);
        assertThat(ends[0].events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(ends[1].lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aMethodWithoutAKeyIsRefused() {
        method.makesKey = false;
        Node[] ends = connect(ONLY, ONLY);

        assertThat(ends[0].count(Counter.REFUSED_EAP)).isEqualTo(1);
        assertThat(ends[1].lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aGatewayThatDoesNotTakeTheOfferProvesItself() {
        Node[] ends = connect(BY_KEY, EITHER);

        assertTunnel(ends[1], ends[0]);
        assertThat(method.toServer.getFirst().eapOnly()).isFalse();
        assertThat(method.toPeer.getFirst().eapOnly()).isFalse();
    }

    @Test
    void aGatewayWithoutAKeyRefusesAPeerThatMakesNoOffer() {
        Node[] ends = connect(ONLY, BY_KEY);

        assertThat(method.toServer).isEmpty();
        assertThat(ends[0].count(Counter.REFUSED_AUTHENTICATION)).isEqualTo(1);
        assertThat(ends[1].lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void anOfferBesideAuthChangesNothing() {
        gatewaySettings.eap = ONLY;
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.add(Payload.Notify.of(NotifyType.EAP_ONLY_AUTHENTICATION));

        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 1, payloads);

        assertThat(Message.find(answer, Payload.Authentication.class)).isNotNull();
    }

    @Test
    void theFirstAnswerHasIdrAndEapAndNoAuth() {
        gatewaySettings.eap = ONLY;
        Node gateway = world.add(gatewaySettings);
        gateway.seatEapServer(method::serve);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.removeIf(Payload.Authentication.class::isInstance);
        payloads.add(Payload.Notify.of(NotifyType.EAP_ONLY_AUTHENTICATION));

        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 1, payloads);

        assertThat(answer).hasSize(2);
        assertThat(answer.getFirst())
                .isEqualTo(new Payload.IdResponder(gatewaySettings.identity()));
        EapPacket packet = EapByHand.decode(((Payload.Eap) answer.getLast()).message());
        assertThat(packet.code()).isEqualTo(EapPacket.Code.REQUEST);
    }
}
