package dev.postern.ike.rfc4478;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// AUTH_LIFETIME at the responder, who limits, and at the initiator, who is limited (sections 2 and
/// 3).
class Section_2_AuthenticationLifetime {
    private static final int AUTH_LIFETIME = 16403;

    private final World world = new World(4478);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private Node gateway(long seconds) {
        gatewaySettings.life = LifePolicy.UNLIMITED.withReauthentication(seconds);
        return world.add(gatewaySettings);
    }

    private Node connect(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return client;
    }

    private static List<Event.ReauthenticationDue> due(Node client) {
        return client.events(Event.ReauthenticationDue.class);
    }

    private void reauthorize(Node gateway, long seconds) {
        gateway.give(
                new Input.Reauthorize(
                        gateway.lastEstablished().sessionId(),
                        world.now().epochSeconds() + seconds,
                        List.of()));
        world.advance(Duration.ofSeconds(1));
    }

    private List<Payload> answerToIkeAuth(Node gateway) {
        InitiatorByHand initiator = new InitiatorByHand(world, gateway, 1).begin();
        return initiator.request(ExchangeType.IKE_AUTH, 1, initiator.authPayloads());
    }

    @Test
    void theLastMessageOfIkeAuthSaysHowManySecondsAreLeft() {
        Payload.Notify told =
                (Payload.Notify)
                        answerToIkeAuth(gateway(3_600)).stream()
                                .filter(payload ->
                                        payload instanceof Payload.Notify notify
                                                && notify.type() == AUTH_LIFETIME)
                                .findFirst()
                                .orElseThrow();
        assertThat(told.data()).isEqualTo(Octets.ofInt(3_600));
        assertThat(told.spi().isEmpty()).as("SPI size is 0").isTrue();
    }

    @Test
    void aSessionWithoutALimitIsNotToldOfOne() {
        assertThat(Message.findNotify(answerToIkeAuth(gateway(0)), NotifyType.AUTH_LIFETIME))
                .isNull();
    }

    @Test
    void theInitiatorIsToRepeatTheInitialExchangeWithinTheTime() {
        Node client = connect(gateway(3_600));

        world.advance(Duration.ofMinutes(48));
        assertThat(due(client)).isEmpty();
        world.advance(Duration.ofMinutes(6));
        assertThat(due(client)).containsExactly(new Event.ReauthenticationDue(1));
    }

    @Test
    void theResponderDeletesWhenTheTimeIsOver() {
        Node gateway = gateway(3_600);
        Node client = connect(gateway);

        world.advance(Duration.ofSeconds(3_599));
        assertThat(gateway.installed()).isNotEmpty();
        world.advance(Duration.ofSeconds(2));

        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.HARD_DEADLINE);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.DELETED_BY_PEER);
        assertThat(gateway.installed()).isEmpty();
        assertThat(client.installed()).isEmpty();
    }

    @Test
    void theTimeLimitAppliesToARekeyedIkeSa() {
        Node gateway = gateway(3_600);
        Node client = connect(gateway);
        world.advance(Duration.ofSeconds(1_000));
        client.give(new Input.RekeyIkeSa(1));
        world.settle();
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);

        world.advance(Duration.ofSeconds(2_345));
        assertThat(due(client)).hasSize(1);
        world.advance(Duration.ofSeconds(256));
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.HARD_DEADLINE);
    }

    @Test
    void aResumeDoesNotExtendTheTime() {
        Node gateway = gateway(3_600);
        Node other = world.add(new GatewaySettings('b'));
        Node client = connect(gateway);
        world.advance(Duration.ofSeconds(1_000));
        gateway.die();
        client.resume(2, clientSettings.profile(), other, client.lastTicket());
        world.settle();
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);

        world.advance(Duration.ofSeconds(2_345));
        assertThat(due(client)).contains(new Event.ReauthenticationDue(2));
        world.advance(Duration.ofSeconds(256));
        assertThat(other.lastClosed().reason()).isEqualTo(CloseReason.HARD_DEADLINE);
    }

    @Test
    void theResponderTellsOfAChangeInAnInformationalExchange() {
        Node gateway = gateway(3_600);
        Node client = connect(gateway);

        reauthorize(gateway, 600);

        assertThat(client.lastTicket().session().hardDeadline()).isEqualTo(World.EPOCH + 600);
        world.advance(Duration.ofMinutes(8));
        assertThat(due(client)).isEmpty();
        world.advance(Duration.ofSeconds(100));
        assertThat(due(client)).hasSize(1);
    }

    @Test
    void aLaterEndIsTakenOverToo() {
        Node gateway = gateway(600);
        Node client = connect(gateway);

        reauthorize(gateway, 3_600);
        world.advance(Duration.ofSeconds(2_000));

        assertThat(due(client)).isEmpty();
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void aLifetimeOfZeroBeginsTheExchangeImmediatelyAndLeavesTimeForIt() {
        Node seat = world.add(gatewaySettings);
        Node client = connectTo(seat);
        GatewayByHand gateway = new GatewayByHand(world, client, seat).begin();
        gateway.answerAuth(gateway.authPayloads());
        world.advance(Duration.ofSeconds(100));

        gateway.send(
                gateway.seal(
                        ExchangeType.INFORMATIONAL,
                        false,
                        0,
                        List.of(Payload.Notify.of(NotifyType.AUTH_LIFETIME, Octets.ofInt(0)))));
        world.advance(Duration.ofMillis(10));

        assertThat(due(client)).hasSize(1);
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void anInitiatorMayAuthenticateMoreOftenThanTheResponderAsks() {
        clientSettings.life = LifePolicy.UNLIMITED.withReauthentication(600);
        Node client = connect(gateway(3_600));

        world.advance(Duration.ofSeconds(601));

        assertThat(due(client)).hasSize(1);
        assertThat(client.events(Event.IkeSaClosed.class))
                .as("its own policy alone ends nothing")
                .isEmpty();
    }

    @Test
    void aGatewayThatLimitsEachSessionAtOnceKeepsNoClientBusy() {
        Node client = connect(gateway(1));
        world.advance(Duration.ofMillis(900));
        assertThat(due(client)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5, 8})
    void aNotificationOfAnotherLengthIsPassedOver(int length) {
        Node seat = world.add(gatewaySettings);
        Node client = connectTo(seat);
        GatewayByHand gateway = new GatewayByHand(world, client, seat).begin();
        List<Payload> answer = new ArrayList<>(gateway.authPayloads());
        answer.add(Payload.Notify.of(NotifyType.AUTH_LIFETIME, Octets.of(new byte[length])));

        gateway.answerAuth(answer);
        world.advance(Duration.ofHours(1));

        assertThat(client.lastEstablished()).isNotNull();
        assertThat(due(client)).isEmpty();
    }

    @Test
    void onlyTheOriginalResponderLimits() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand initiator = new InitiatorByHand(world, gateway, 1).establish();

        List<Payload> answer =
                initiator.request(
                        ExchangeType.INFORMATIONAL,
                        2,
                        List.of(Payload.Notify.of(NotifyType.AUTH_LIFETIME, Octets.ofInt(60))));
        world.advance(Duration.ofMinutes(5));

        assertThat(answer).isEmpty();
        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
    }

    /// The client begins while its gateway does not answer yet.
    private Node connectTo(Node seat) {
        seat.die();
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), seat);
        world.settle();
        return client;
    }
}
