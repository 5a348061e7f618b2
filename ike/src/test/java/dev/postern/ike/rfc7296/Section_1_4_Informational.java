package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.LivenessPolicy;
import dev.postern.ike.Now;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// Liveness (section 2.4) and Deletes of both kinds (sections 1.4.1 and 2.25.2).
class Section_1_4_Informational {
    private final World world = new World(6);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private static LivenessPolicy after(int seconds) {
        return new LivenessPolicy(
                seconds * Now.NANOS_PER_SECOND, RetransmissionSchedule.QUICK, false);
    }

    private Node connect(Node gateway) {
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();
        return client;
    }

    @Test
    void anIdlePeerIsCheckedAndItsAnswerCounts() {
        clientSettings.liveness = after(10);
        Node client = connect(world.add(gatewaySettings));
        int before = world.carried().size();

        world.advance(Duration.ofSeconds(9));
        assertThat(world.carried()).hasSize(before);
        world.advance(Duration.ofSeconds(2));

        assertThat(world.carried()).hasSize(before + 2);
        assertThat(client.events(Event.PeerAlive.class)).hasSize(1);
    }

    /// Interop: liveness, with traffic as evidence | Postern | Postern initiates
    @Test
    void aPacketOfTheChildSaIsLifeToo() {
        clientSettings.liveness = after(10);
        Node client = connect(world.add(gatewaySettings));
        int before = world.carried().size();

        world.advance(Duration.ofSeconds(6));
        client.give(new Input.PacketVerified(client.installed().getFirst().inboundSpi()));
        world.advance(Duration.ofSeconds(6));
        assertThat(world.carried()).hasSize(before);
        world.advance(Duration.ofSeconds(5));
        assertThat(world.carried()).hasSize(before + 2);
    }

    @Test
    void aPeerThatIsGoneIsNoticedWithinIdleTimeAndSchedule() {
        gatewaySettings.liveness = after(10);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        client.die();

        world.advance(Duration.ofMillis(10_000 + 1_460));

        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.PEER_UNRESPONSIVE);
        assertThat(gateway.installed()).isEmpty();
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void aProbeIsSentAtOnceAndNeverTwoAtATime() {
        Node client = connect(world.add(gatewaySettings));
        int before = world.carried().size();
        world.setFate(_ -> Fate.lost());

        client.give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        client.give(new Input.Probe(1, RetransmissionSchedule.QUICK));

        assertThat(world.carried()).hasSize(before + 1);
    }

    /// Section 2.3: window size 1. What is under way is sent again in its place, and its answer
    /// says as much.
    @Test
    void aRequestThatIsUnderWayServesAsTheProbe() {
        Node client = connect(world.add(gatewaySettings));
        world.setFate(_ -> Fate.lost());
        client.give(new Input.RekeyIkeSa(1));
        int before = world.carried().size();
        client.give(new Input.Probe(1, RetransmissionSchedule.QUICK));
        assertThat(world.carried()).hasSize(before + 1);
        assertThat(world.carried().getLast().octets())
                .isEqualTo(world.carried().get(before - 1).octets());
        world.setFate(Fate.DELIVER);
        world.advance(Duration.ofMillis(200));
        assertThat(client.events(Event.PeerAlive.class)).hasSize(1);
    }

    @Test
    void theClientsDeleteEndsBothPeers() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        client.give(new Input.Close(1, false));
        assertThat(client.installed()).as("Child SAs end at once").isEmpty();
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.CLOSED_LOCALLY);
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.DELETED_BY_PEER);
        assertThat(gateway.installed()).isEmpty();
        assertThat(gateway.endpoint().size() + client.endpoint().size()).isZero();
    }

    @Test
    void theGatewaysDeleteEndsBothPeers() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        gateway.give(new Input.Close(gateway.lastEstablished().handle(), false));
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.DELETED_BY_PEER);
        assertThat(client.installed()).isEmpty();
        assertThat(gateway.endpoint().size() + client.endpoint().size()).isZero();
    }

    /// Interop: Deletes of an IKE SA that cross | Postern | both initiate
    @Test
    void twoDeletesThatCrossEndBothPeersWithoutAWait() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);

        gateway.give(new Input.Close(gateway.lastEstablished().handle(), false));
        client.give(new Input.Close(1, false));
        world.settle();

        assertThat(client.events(Event.IkeSaClosed.class)).hasSize(1);
        assertThat(gateway.events(Event.IkeSaClosed.class)).hasSize(1);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.CLOSED_LOCALLY);
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.CLOSED_LOCALLY);
    }

    @Test
    void aDeleteThatIsNeverAnsweredEndsAllTheSame() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        gateway.die();

        client.give(new Input.Close(1, false));
        world.advance(Duration.ofSeconds(2));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.CLOSED_LOCALLY);
        assertThat(client.endpoint().size()).isZero();
    }

    @Test
    void aSilentCloseSendsNothing() {
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        int before = world.carried().size();

        client.give(new Input.Close(1, true));

        assertThat(world.carried()).hasSize(before);
        assertThat(client.installed()).isEmpty();
        assertThat(client.endpoint().size()).isZero();
    }

    /// Interop: Delete of a Child SA | Postern | Postern initiates
    @Test
    void aDeleteOfTheChildSaIsAnsweredWithOurOwnSpi() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        int ours = gateway.installed().getFirst().inboundSpi();

        List<Payload> answer =
                peer.request(
                        ExchangeType.INFORMATIONAL,
                        2,
                        List.of(new Payload.Delete(3, List.of(Octets.ofInt(0xc0ffee01)))));

        assertThat(answer).containsExactly(new Payload.Delete(3, List.of(Octets.ofInt(ours))));
        assertThat(gateway.installed()).isEmpty();
        assertThat(gateway.endpoint().size()).as("the IKE SA stands").isEqualTo(1);
        assertThat(peer.request(ExchangeType.INFORMATIONAL, 3, List.of())).isEmpty();
    }

    @Test
    void aDeleteOfAChildSaThatIsNotThereIsAnsweredEmpty() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();

        List<Payload> answer =
                peer.request(
                        ExchangeType.INFORMATIONAL,
                        2,
                        List.of(new Payload.Delete(3, List.of(Octets.ofInt(0x00abcdef)))));

        assertThat(answer).isEmpty();
        assertThat(gateway.installed()).hasSize(1);
    }

    @Test
    void onePeersDeleteDoesNotReachAnothersChildSa() {
        Node gateway = world.add(gatewaySettings);
        new InitiatorByHand(world, gateway, 1).establish();
        InitiatorByHand other = new InitiatorByHand(world, gateway, 2);
        other.identity = dev.postern.wire.Identity.fqdn("c08.example");
        other.preSharedKey = GatewaySettings.key("another key of another client");
        other.begin();
        List<Payload> auth = new java.util.ArrayList<>(other.authPayloads());
        auth.replaceAll(p ->
                p instanceof Payload.SecurityAssociation ? InitiatorByHand.esp(0x0badcafe) : p);
        other.request(ExchangeType.IKE_AUTH, 1, auth);

        other.request(
                ExchangeType.INFORMATIONAL,
                2,
                List.of(new Payload.Delete(3, List.of(Octets.ofInt(0xc0ffee01)))));

        assertThat(gateway.installed()).hasSize(2);
    }

    @Test
    void authenticationFailedInAnInformationalEndsTheIkeSa() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();

        peer.request(
                ExchangeType.INFORMATIONAL,
                2,
                List.of(Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED)));

        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void anUnknownNotificationIsAnsweredAndPassedOver() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();

        List<Payload> answer =
                peer.request(
                        ExchangeType.INFORMATIONAL,
                        2,
                        List.of(new Payload.Notify(0, Octets.EMPTY, 40_000, Octets.EMPTY)));

        assertThat(answer).isEmpty();
        assertThat(gateway.endpoint().size()).isEqualTo(1);
    }

    @Test
    void createChildSaWhileWeDeleteIsRefusedAsTemporary() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        gateway.give(new Input.Close(gateway.lastEstablished().handle(), false));

        List<Payload> answer =
                peer.open(
                        peer.send(peer.seal(ExchangeType.CREATE_CHILD_SA, false, 2, List.of()))
                                .getLast());

        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.TEMPORARY_FAILURE.code());
    }

    @Test
    void aPeerThatComesFromAnotherAddressIsFollowed() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        java.net.InetSocketAddress elsewhere =
                new java.net.InetSocketAddress(peer.address.getAddress(), 61_000);

        world.deliver(
                new dev.postern.ike.world.Datagram(
                        elsewhere,
                        gateway.address(),
                        peer.seal(ExchangeType.INFORMATIONAL, false, 2, List.of())));

        assertThat(world.carried().getLast().to()).isEqualTo(elsewhere);
        assertThat(gateway.effects())
                .anyMatch(effect ->
                        effect instanceof dev.postern.ike.Effect.MoveChildSa move
                                && move.path().remote().equals(elsewhere));
    }

    @Test
    void aForgedMessageFromAnotherAddressMovesNothing() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        byte[] forged = peer.seal(ExchangeType.INFORMATIONAL, false, 2, List.of());
        forged[forged.length - 1] ^= 1;

        world.deliver(
                new dev.postern.ike.world.Datagram(
                        new java.net.InetSocketAddress(peer.address.getAddress(), 61_000),
                        gateway.address(),
                        forged));

        assertThat(gateway.effects())
                .noneMatch(effect -> effect instanceof dev.postern.ike.Effect.MoveChildSa);
        assertThat(gateway.count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
    }

    @Test
    void anEndpointThatHoldsNoIkeSaHoldsNoTimerEither() {
        clientSettings.liveness = after(10);
        Node gateway = world.add(gatewaySettings);
        Node client = connect(gateway);
        assertThat(client.endpoint().nextDeadline()).isLessThan(Long.MAX_VALUE);

        client.give(new Input.Close(1, false));
        world.settle();

        assertThat(gateway.endpoint().size()).isZero();
        assertThat(gateway.endpoint().nextDeadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(client.endpoint().nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }
}
