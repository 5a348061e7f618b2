package dev.postern.ike.rfc6023;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Childless;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.LifePolicy.ChildKeyExchange;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// IKE_AUTH without a Child SA in both roles (sections 3 to 5).
class Section_3_ChildlessInitiation {
    private final World world = new World(6023);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private Node gateway(Childless policy) {
        gatewaySettings.life = LifePolicy.UNLIMITED.withChildless(policy);
        return world.add(gatewaySettings);
    }

    private Node connect(Childless policy, Node gateway) {
        clientSettings.life = clientSettings.life.withChildless(policy);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        world.advance(Duration.ofSeconds(1));
        return client;
    }

    private static List<Payload> withoutChild(InitiatorByHand initiator) {
        List<Payload> payloads = new ArrayList<>(initiator.authPayloads());
        payloads.removeIf(payload ->
                payload instanceof Payload.SecurityAssociation
                        || payload instanceof Payload.TsInitiator
                        || payload instanceof Payload.TsResponder);
        return payloads;
    }

    private static Payload.@Nullable Notify announcement(InitiatorByHand initiator) {
        return Message.findNotify(
                initiator.initResponse().payloads(), NotifyType.CHILDLESS_IKEV2_SUPPORTED);
    }

    private long createChildSaRequests() {
        return world.carried().stream()
                .filter(d -> d.header().exchange() == ExchangeType.CREATE_CHILD_SA)
                .filter(d -> !d.header().response())
                .count();
    }

    @Test
    void aSupportingResponderSaysSoInIkeSaInit() {
        InitiatorByHand initiator = new InitiatorByHand(world, gateway(Childless.ALLOW), 1).begin();
        Payload.Notify told = announcement(initiator);
        assertThat(told).isNotNull();
        if (told != null) {
            assertThat(told.type()).isEqualTo(16418);
            assertThat(told.protocol()).isEqualTo(Protocol.IKE);
            assertThat(told.spi().isEmpty()).isTrue();
        }
    }

    @Test
    void aResponderThatIsConfiguredWithoutItBehavesAsIfItDidNotKnowIt() {
        InitiatorByHand initiator = new InitiatorByHand(world, gateway(Childless.NEVER), 1).begin();
        assertThat(announcement(initiator)).isNull();
        assertThat(onlyNotify(initiator.request(ExchangeType.IKE_AUTH, 1, withoutChild(initiator))))
                .isEqualTo(NotifyType.INVALID_SYNTAX.code());
    }

    @Test
    void aModifiedRequestGetsAModifiedResponse() {
        Node gateway = gateway(Childless.ALLOW);
        InitiatorByHand initiator = new InitiatorByHand(world, gateway, 1).begin();

        List<Payload> answer = initiator.request(ExchangeType.IKE_AUTH, 1, withoutChild(initiator));

        assertThat(Message.find(answer, Payload.IdResponder.class)).isNotNull();
        assertThat(Message.find(answer, Payload.Authentication.class)).isNotNull();
        assertThat(Message.find(answer, Payload.Configuration.class)).isNotNull();
        assertThat(answer)
                .noneMatch(payload ->
                        payload instanceof Payload.SecurityAssociation
                                || payload instanceof Payload.TsInitiator
                                || payload instanceof Payload.TsResponder);
        assertThat(Message.findError(answer)).isNull();
        assertThat(gateway.installed()).isEmpty();
    }

    @Test
    void anUnmodifiedRequestGetsAnUnmodifiedResponse() {
        InitiatorByHand initiator = new InitiatorByHand(world, gateway(Childless.ALLOW), 1).begin();
        assertThat(
                        Message.find(
                                initiator.request(
                                        ExchangeType.IKE_AUTH, 1, initiator.authPayloads()),
                                Payload.SecurityAssociation.class))
                .isNotNull();
    }

    @Test
    void aRequestThatLacksTrafficSelectorsOnlyIsNoModifiedOne() {
        InitiatorByHand initiator = new InitiatorByHand(world, gateway(Childless.ALLOW), 1).begin();
        List<Payload> payloads = withoutChild(initiator);
        payloads.add(InitiatorByHand.esp(0xc0ffee02));

        List<Payload> answer = initiator.request(ExchangeType.IKE_AUTH, 1, payloads);

        Payload.Notify error = Message.findError(answer);
        assertThat(error == null ? 0 : error.type())
                .isEqualTo(NotifyType.NO_PROPOSAL_CHOSEN.code());
    }

    @ParameterizedTest
    @EnumSource(names = {"PREFER", "REQUIRE"})
    void theChildSaFollowsByCreateChildSaWithAKeyExchangeOfItsOwn(Childless policy) {
        clientSettings.life = clientSettings.life.withChildKeyExchange(ChildKeyExchange.REQUIRED);
        gatewaySettings.life = clientSettings.life;
        Node gateway = gateway(Childless.ALLOW);
        Node client = connect(policy, gateway);

        assertThat(createChildSaRequests()).isEqualTo(1);
        assertThat(client.events(Event.ChildSaEstablished.class)).hasSize(1);
        assertTunnel(client, gateway);
    }

    @ParameterizedTest
    @EnumSource(names = {"NEVER", "ALLOW"})
    void aClientThatDoesNotAskForItHasItsChildSaFromIkeAuth(Childless policy) {
        Node gateway = gateway(Childless.ALLOW);
        Node client = connect(policy, gateway);

        assertThat(createChildSaRequests()).isZero();
        assertTunnel(client, gateway);
    }

    @Test
    void withoutTheNotificationTheRequestIsNotModified() {
        Node gateway = gateway(Childless.NEVER);
        Node client = connect(Childless.PREFER, gateway);

        assertThat(createChildSaRequests()).isZero();
        assertTunnel(client, gateway);
    }

    @Test
    void aClientThatRequiresItLeavesAGatewayWithoutIt() {
        Node gateway = gateway(Childless.NEVER);
        Node client = connect(Childless.REQUIRE, gateway);

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.NO_PROPOSAL_CHOSEN);
        assertThat(client.lastClosed().detail()).contains("childless");
        assertThat(gateway.installed()).isEmpty();
    }

    @Test
    void aRefusedChildSaEndsTheConnectionThatWouldCarryNothing() {
        clientSettings.remoteSelectors = List.of(Net.subnet(172, 16, 0, 0, 12));
        Node client = connect(Childless.PREFER, gateway(Childless.ALLOW));

        assertThat(client.events(Event.ChildSaRefused.class)).hasSize(1);
        assertThat(client.events(Event.IkeSaClosed.class)).hasSize(1);
    }

    @Test
    void theTicketThatFollowsResumesWithTheChildSa() {
        assertResumesElsewhere();
    }

    /// Its gateway dies, and another one has its ticket.
    private void assertResumesElsewhere() {
        Node gateway = gateway(Childless.ALLOW);
        Node other = world.add(new GatewaySettings('b'));
        Node client = connect(Childless.PREFER, gateway);
        gateway.die();

        client.resume(2, clientSettings.profile(), other, client.lastTicket());
        world.settle();

        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertTunnel(client, other);
    }

    /// The gateway sends both at once, and the network turns them around.
    @Test
    void aTicketThatOvertakesTheAnswerWithTheChildSaIsGoodOnceThatStands() {
        world.setFate(datagram -> {
            boolean answer =
                    datagram.header().exchange() == ExchangeType.CREATE_CHILD_SA
                            && datagram.header().response();
            return List.of(answer ? 2 * Fate.LATENCY_NANOS : Fate.LATENCY_NANOS);
        });

        assertResumesElsewhere();
    }

    @Test
    void beforeTheChildSaThereIsNoTicketToResumeWith() {
        world.setFate(datagram ->
                datagram.header().exchange() == ExchangeType.CREATE_CHILD_SA
                        ? Fate.lost()
                        : Fate.delivered());

        Node client = connect(Childless.PREFER, gateway(Childless.ALLOW));

        assertThat(client.events(Event.TicketReceived.class)).isEmpty();
    }
}
