package dev.postern.ike.rfc6290;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.EndpointSecrets;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.StandbyPolicy;
import dev.postern.ike.guard.RefusalBudget;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// QCD tokens: given in IKE_AUTH, after a rekeying and a resume, presented by whoever has lost the
/// IKE SA, and verified (sections 3 to 5).
class Section_4_CrashTokens {
    private final World world = new World(6290);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private static EndpointSecrets secrets(int... seeds) {
        List<SecretBytes> generations = new ArrayList<>();
        for (int seed : seeds) {
            byte[] octets = new byte[32];
            octets[0] = (byte) seed;
            generations.add(SecretBytes.owning(octets));
        }
        return new EndpointSecrets(generations, Map.of());
    }

    private Node connect(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return client;
    }

    /// The same gateway without any memory but its secret.
    private Node restart(Node gateway) {
        gateway.die();
        return world.add(gatewaySettings);
    }

    private static void probe(Node client) {
        client.give(
                new Input.Probe(client.lastEstablished().handle(), RetransmissionSchedule.QUICK));
    }

    private Message lastTo(Node client) {
        return world.carried().reversed().stream()
                .filter(d -> d.to().equals(client.address()))
                .findFirst()
                .map(Datagram::message)
                .orElseThrow();
    }

    @Test
    void theResponderGivesItsTokenInTheFinalIkeAuthResponse() {
        gatewaySettings.secrets = secrets(1);
        InitiatorByHand initiator =
                new InitiatorByHand(world, world.add(gatewaySettings), 1).begin();

        Payload.Notify token =
                Message.findNotify(
                        initiator.request(ExchangeType.IKE_AUTH, 1, initiator.authPayloads()),
                        NotifyType.QUICK_CRASH_DETECTION);

        assertThat(token).isNotNull();
        if (token != null) {
            assertThat(token.type()).isEqualTo(16419);
            assertThat(token.protocol()).isEqualTo(Protocol.IKE);
            assertThat(token.data().length()).isBetween(16, 128);
        }
    }

    @Test
    void withoutASecretThereIsNoToken() {
        InitiatorByHand initiator =
                new InitiatorByHand(world, world.add(gatewaySettings), 1).begin();
        assertThat(
                        Message.findNotify(
                                initiator.request(
                                        ExchangeType.IKE_AUTH, 1, initiator.authPayloads()),
                                NotifyType.QUICK_CRASH_DETECTION))
                .isNull();
    }

    @Test
    void aRestartedGatewayPresentsItsTokenAndTheClientEndsTheIkeSaSilently() {
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        Node restarted = restart(gateway);

        probe(client);
        world.settle();

        Message presented = lastTo(client);
        assertThat(presented.header().response()).isTrue();
        assertThat(presented.encrypted()).isNull();
        assertThat(Message.findNotify(presented.payloads(), NotifyType.INVALID_IKE_SPI))
                .isNotNull();
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_CRASHED);
        assertThat(client.installed()).isEmpty();
        assertThat(restarted.count(Counter.CRASH_TOKEN_SENT)).isEqualTo(1);
        int sent = world.carried().size();
        world.advance(Duration.ofMinutes(5));
        assertThat(world.carried()).as("no Delete, no retransmission").hasSize(sent);
    }

    @Test
    void aTokenOfAnOlderSecretIsMadeAgainAfterARollover() {
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        gatewaySettings.secrets = secrets(4, 3, 2, 1);
        restart(gateway);

        probe(client);
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_CRASHED);
    }

    @Test
    void aTokenThatIsNotTheOneThatWasGivenChangesNothingAndIsNotAnswered() {
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        gatewaySettings.secrets = secrets(2);
        restart(gateway);

        probe(client);
        world.settle();

        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(client.count(Counter.CRASH_TOKEN_WRONG)).isEqualTo(1);
    }

    @Test
    void invalidIkeSpiWithoutATokenEndsNothing() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        gateway.die();
        probe(client);
        world.settle();
        Message request =
                world.carried().reversed().stream()
                        .filter(d -> d.from().equals(client.address()))
                        .findFirst()
                        .map(Datagram::message)
                        .orElseThrow();

        world.deliver(
                new Datagram(
                        gateway.address(),
                        client.address(),
                        MessageCodec.encode(
                                request.header().toResponse(),
                                List.of(Payload.Notify.of(NotifyType.INVALID_IKE_SPI)))));

        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void theTokenIsAcceptedFromAnyAddressAndPort() {
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        Node restarted = restart(gateway);
        world.setFate(d -> d.from().equals(client.address()) ? Fate.DELIVER.of(d) : Fate.lost());
        probe(client);
        world.settle();
        assertThat(restarted.count(Counter.CRASH_TOKEN_SENT)).isPositive();
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();

        world.deliver(
                new Datagram(
                        Net.port4500(Net.ip(203, 0, 113, 99)),
                        client.address(),
                        lastTo(client).octets().array()));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_CRASHED);
    }

    @Test
    void aRekeyedIkeSaHasATokenOfItsOwn() {
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        client.give(new Input.RekeyIkeSa(1));
        world.settle();
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        restart(gateway);

        probe(client);
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_CRASHED);
    }

    @Test
    void anIkeSaThatTheGatewayHasRekeyedHasOneToo() {
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        gateway.give(new Input.RekeyIkeSa(gateway.lastEstablished().handle()));
        world.settle();
        world.advance(Duration.ofSeconds(1));
        assertThat(client.events(Event.IkeSaRekeyed.class)).hasSize(1);
        restart(gateway);

        probe(client);
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_CRASHED);
    }

    @Test
    void aResumedIkeSaHasATokenOfItsOwn() {
        Node first = world.add(new GatewaySettings('b'));
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(first);
        client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
        world.settle();
        restart(gateway);

        probe(client);
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_CRASHED);
    }

    @Test
    void aClientGivesItsTokenAndTheGatewayTakesIt() {
        clientSettings.secrets = secrets(7);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        client.die();
        Node restarted = world.add(clientSettings);

        gateway.give(
                new Input.Probe(gateway.lastEstablished().handle(), RetransmissionSchedule.QUICK));
        world.settle();

        assertThat(restarted.count(Counter.CRASH_TOKEN_SENT)).isEqualTo(1);
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.PEER_CRASHED);
    }

    /// Section 9.2: another member may hold the IKE SA.
    @Test
    void noTokenIsMadeForAnIkeSaWhoseSpiAnotherMemberHasChosen() {
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        probe(client);
        byte[] request = world.carried().getLast().octets();
        GatewaySettings others = new GatewaySettings('b');
        others.secrets = secrets(1);
        others.member = 2;
        Node other = world.add(others);
        int before = world.carried().size();

        world.deliver(new Datagram(client.address(), other.address(), request));

        assertThat(other.count(Counter.CRASH_TOKEN_SENT)).isZero();
        assertThat(world.carried()).hasSize(before);
    }

    /// Section 9.2: when its gateway has lost it, it lives at the standby.
    @Test
    void anIkeSaThatAStandbyCarriesOnWithGetsNoToken() {
        gatewaySettings.secrets = secrets(1);
        gatewaySettings.standby =
                StandbyPolicy.DEFAULT.protecting(Set.of(gatewaySettings.profileName));
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        restart(gateway);

        probe(client);
        world.settle();

        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(client.count(Counter.CRASH_TOKEN_WRONG)).isEqualTo(1);
    }

    @Test
    void aResponseAndAnUnprotectedRequestAreNotAnswered() {
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        long spi = 1L << 56 | 1L << 48 | 77;
        Header header = new Header(5, spi, ExchangeType.INFORMATIONAL, true, false, 0);
        world.deliver(
                new Datagram(
                        Net.port4500(Net.ip(203, 0, 113, 5)),
                        gateway.address(),
                        MessageCodec.encode(header, List.of())));
        assertThat(gateway.count(Counter.CRASH_TOKEN_SENT)).isZero();
    }

    @Test
    void strangersGetABoundedNumberOfAnswers() {
        gatewaySettings.secrets = secrets(1);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        probe(client);
        byte[] request = world.carried().getLast().octets();
        Node restarted = restart(gateway);
        for (int i = 0; i < 1_000; i++) {
            world.deliver(
                    new Datagram(
                            Net.port4500(Net.ip(203, 0, 113, i % 2)),
                            restarted.address(),
                            request.clone()));
        }
        assertThat(restarted.count(Counter.CRASH_TOKEN_SENT))
                .isEqualTo(2 * RefusalBudget.PER_SOURCE);
    }

    @Test
    void aTokenOfAWrongLengthIsNotKept() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand initiator = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(initiator.authPayloads());
        payloads.add(Payload.Notify.of(NotifyType.QUICK_CRASH_DETECTION, Octets.of(new byte[15])));
        initiator.request(ExchangeType.IKE_AUTH, 1, payloads);

        initiator.send(
                MessageCodec.encode(
                        new Header(
                                initiator.spiI,
                                initiator.spiR(),
                                ExchangeType.INFORMATIONAL,
                                true,
                                true,
                                0),
                        List.of(
                                Payload.Notify.of(
                                        NotifyType.QUICK_CRASH_DETECTION,
                                        Octets.of(new byte[15])))));

        assertThat(gateway.events(Event.IkeSaClosed.class)).isEmpty();
        assertThat(gateway.count(Counter.CRASH_TOKEN_WRONG)).isEqualTo(1);
    }
}
