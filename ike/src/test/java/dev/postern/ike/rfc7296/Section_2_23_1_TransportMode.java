package dev.postern.ike.rfc7296;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.ChildMode;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.PeersAddresses;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// RFC 7296 sections 1.3.1 and 2.23.1: Child SAs between the two peers themselves.
class Section_2_23_1_TransportMode {
    private static final InetAddress CLIENT = Net.ip(198, 51, 100, 7);
    private static final InetAddress GATEWAY = Net.ip(192, 0, 2, 1);
    private static final InetAddress OTHER_GATEWAY = Net.ip(192, 0, 2, 2);
    private static final InetAddress BEHIND_NAT = Net.ip(10, 0, 0, 7);
    private static final List<TrafficSelector> ANYWHERE = List.of(Net.subnet(0, 0, 0, 0, 0));

    private final World world = new World(2231);
    private final GatewaySettings aSettings = new GatewaySettings('a');
    private final ClientSettings cSettings = new ClientSettings();
    private Node a;
    private Node b;
    private Node client;

    @BeforeEach
    void twoHosts() {
        GatewaySettings bSettings = new GatewaySettings('b');
        for (GatewaySettings settings : List.of(aSettings, bSettings)) {
            settings.mode = ChildMode.TRANSPORT;
            settings.assignsAddresses = false;
            settings.localSelectors = ANYWHERE;
            settings.remoteSelectors = ANYWHERE;
        }
        cSettings.mode = ChildMode.TRANSPORT;
        cSettings.requestAddresses = false;
        cSettings.localSelectors = ANYWHERE;
        a = world.add(aSettings);
        b = world.add(bSettings);
        client = world.add(cSettings);
    }

    private void connect() {
        client.initiate(1, cSettings.profile(), a);
        world.settle();
    }

    private static ChildSaInstallation only(Node node) {
        assertThat(node.installed()).hasSize(1);
        return node.installed().getFirst();
    }

    private static void assertBetween(
            ChildSaInstallation child, InetAddress local, InetAddress remote) {
        assertThat(child.local()).containsExactly(TrafficSelector.host(local));
        assertThat(child.remote()).containsExactly(TrafficSelector.host(remote));
        assertThat(child.transport()).isNotNull();
    }

    private static boolean inTransport(List<Payload> payloads) {
        return Message.findNotify(payloads, NotifyType.USE_TRANSPORT_MODE) != null;
    }

    private List<Payload> answerTo(InetAddress tsI, InetAddress tsR, boolean transport) {
        InitiatorByHand peer = new InitiatorByHand(world, a, 1);
        peer.begin(peer.initPayloads());
        List<Payload> auth = new ArrayList<>();
        for (Payload payload : peer.authPayloads()) {
            switch (payload) {
                case Payload.Configuration _ -> {}
                case Payload.TsInitiator _ ->
                        auth.add(new Payload.TsInitiator(List.of(TrafficSelector.host(tsI))));
                case Payload.TsResponder _ ->
                        auth.add(new Payload.TsResponder(List.of(TrafficSelector.host(tsR))));
                default -> auth.add(payload);
            }
        }
        if (transport) {
            auth.add(Payload.Notify.of(NotifyType.USE_TRANSPORT_MODE));
        }
        return peer.request(ExchangeType.IKE_AUTH, 1, auth);
    }

    @Test
    void bothPeersInstallTheirOwnAddresses() {
        connect();
        assertBetween(only(client), CLIENT, GATEWAY);
        assertBetween(only(a), GATEWAY, CLIENT);
    }

    @Test
    void theResponderConfirmsTheModeWithTheSelectorsItSees() {
        List<Payload> answer = answerTo(CLIENT, GATEWAY, true);
        assertThat(inTransport(answer)).isTrue();
        assertThat(InitiatorByHand.find(answer, Payload.TsResponder.class).selectors())
                .containsExactly(TrafficSelector.host(GATEWAY));
    }

    @Test
    void anAddressBehindANatIsReplacedByTheOneOnThePacketAndKeptForChecksums() {
        List<Payload> answer = answerTo(BEHIND_NAT, Net.ip(10, 9, 9, 9), true);
        TrafficSelector seen =
                InitiatorByHand.find(answer, Payload.TsInitiator.class).selectors().getFirst();
        ChildSaInstallation child = only(a);
        assertThat(child.remote()).containsExactly(seen);
        assertThat(seen.startAddress()).isEqualTo(child.path().remote().getAddress());
        assertThat(child.local()).containsExactly(TrafficSelector.host(GATEWAY));
        assertThat(child.transport())
                .isEqualTo(new PeersAddresses(BEHIND_NAT, Net.ip(10, 9, 9, 9)));
    }

    @Test
    void anOfferInTunnelModeIsRefusedWhereTransportModeIsWanted() {
        List<Payload> answer = answerTo(CLIENT, GATEWAY, false);
        assertThat(Message.findNotify(answer, NotifyType.TS_UNACCEPTABLE)).isNotNull();
        assertThat(a.installed()).isEmpty();
    }

    @Test
    void aResponderThatWantsATunnelMakesOneAndDoesNotConfirm() {
        aSettings.mode = ChildMode.TUNNEL;
        a = world.add(aSettings);
        List<Payload> answer = answerTo(CLIENT, GATEWAY, true);
        assertThat(inTransport(answer)).isFalse();
        assertThat(only(a).transport()).isNull();
    }

    @Test
    void anInitiatorThatGetsATunnelDeletesIt() {
        aSettings.mode = ChildMode.TUNNEL;
        a = world.add(aSettings);
        connect();
        assertThat(client.installed()).isEmpty();
        assertThat(client.lastClosed().reason()).isEqualTo(Event.CloseReason.TS_UNACCEPTABLE);
        assertThat(a.installed()).isEmpty();
    }

    @Test
    void aRekeyedChildSaKeepsItsMode() {
        connect();
        for (Node initiator : List.of(client, a)) {
            int old = only(initiator).inboundSpi();
            initiator.give(new Input.RekeyChildSa(old));
            world.settle();
            world.advance(java.time.Duration.ofSeconds(10));
            assertThat(only(initiator).inboundSpi()).isNotEqualTo(old);
            assertBetween(only(client), CLIENT, GATEWAY);
            assertBetween(only(a), GATEWAY, CLIENT);
        }
    }

    /// Failover profile, "The exchange": a transport mode Child SA stays one.
    @Test
    void aResumedChildSaIsBetweenTheClientAndTheGatewayThatResumedIt() {
        connect();
        a.die();
        client.resume(2, cSettings.profile(), b, client.lastTicket());
        world.settle();
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertBetween(only(b), OTHER_GATEWAY, CLIENT);
        assertBetween(client.installed().getLast(), CLIENT, OTHER_GATEWAY);
    }

    @Test
    void aGatewayThatWantsATunnelDoesNotResumeIt() {
        connect();
        GatewaySettings other = new GatewaySettings('c');
        other.assignsAddresses = false;
        other.localSelectors = ANYWHERE;
        other.remoteSelectors = ANYWHERE;
        Node c = world.add(other);
        client.resume(2, cSettings.profile(), c, client.lastTicket());
        world.settle();
        assertThat(client.lastClosed().reason()).isEqualTo(Event.CloseReason.NO_PROPOSAL_CHOSEN);
        assertThat(c.installed()).isEmpty();
    }
}
