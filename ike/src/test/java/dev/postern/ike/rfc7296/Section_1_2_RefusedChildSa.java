package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.InitiatorByHand.find;
import static dev.postern.ike.world.InitiatorByHand.withSelectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The last paragraphs of section 1.2: the IKE SA stands where its first Child SA is refused.
class Section_1_2_RefusedChildSa {
    private final World world = new World(3);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final ClientSettings clientSettings = new ClientSettings();

    private void assertRefused(
            InitiatorByHand peer, Node gateway, List<Payload> request, NotifyType reason) {
        List<Payload> answer = peer.request(ExchangeType.IKE_AUTH, 1, request);

        assertThat(find(answer, Payload.Authentication.class).method()).isEqualTo(2);
        assertThat(Message.findNotify(answer, reason)).as("%s in %s", reason, answer).isNotNull();
        assertThat(Message.find(answer, Payload.SecurityAssociation.class)).isNull();
        assertThat(gateway.installed()).isEmpty();
        assertThat(gateway.events(Event.IkeSaEstablished.class)).hasSize(1);
        assertThat(peer.request(ExchangeType.INFORMATIONAL, 2, List.of()))
                .as("the IKE SA answers a liveness check")
                .isEmpty();
    }

    @Test
    void selectorsOutsideThePolicyAreUnacceptable() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        TrafficSelector all = Net.subnet(0, 0, 0, 0, 0);
        assertRefused(
                peer,
                gateway,
                withSelectors(peer.authPayloads(), all, Net.subnet(172, 16, 0, 0, 12)),
                NotifyType.TS_UNACCEPTABLE);
        assertThat(gateway.count(Counter.REFUSED_TS_UNACCEPTABLE)).isEqualTo(1);
    }

    @Test
    void aTsiThatLeavesOutTheAssignedAddressIsUnacceptable() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        assertRefused(
                peer,
                gateway,
                withSelectors(
                        peer.authPayloads(),
                        Net.subnet(192, 168, 0, 0, 16),
                        Net.subnet(0, 0, 0, 0, 0)),
                NotifyType.TS_UNACCEPTABLE);
    }

    @Test
    void aClientThatAsksForNoAddressGetsNoneOfTheOthers() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.removeIf(p -> p instanceof Payload.Configuration);
        assertRefused(peer, gateway, payloads, NotifyType.TS_UNACCEPTABLE);
    }

    @Test
    void anEspProposalThatNobodyAllowsIsNotChosen() {
        gatewaySettings.espSuites = Suites.esp("chacha20poly1305");
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        assertRefused(peer, gateway, peer.authPayloads(), NotifyType.NO_PROPOSAL_CHOSEN);
    }

    @Test
    void anEspSpiThatIsReservedIsNotChosen() {
        Node gateway = world.add(gatewaySettings);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.replaceAll(
                p -> p instanceof Payload.SecurityAssociation ? InitiatorByHand.esp(0) : p);
        assertRefused(peer, gateway, payloads, NotifyType.NO_PROPOSAL_CHOSEN);
    }

    @Test
    void anEmptyPoolIsAnAddressFailure() {
        Node gateway = world.add(gatewaySettings);
        gateway.pool().refuse();
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        assertRefused(peer, gateway, peer.authPayloads(), NotifyType.INTERNAL_ADDRESS_FAILURE);
        assertThat(gateway.count(Counter.REFUSED_ADDRESS)).isEqualTo(1);
    }

    @Test
    void theClientEndsAnIkeSaThatCarriesNothing() {
        gatewaySettings.localSelectors = List.of(Net.subnet(10, 2, 0, 0, 16));
        clientSettings.remoteSelectors = List.of(Net.subnet(10, 1, 0, 0, 16));
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.TS_UNACCEPTABLE);
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.DELETED_BY_PEER);
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void theClientNamesEachReason() {
        assertThat(reasonFor(NotifyType.NO_PROPOSAL_CHOSEN))
                .isEqualTo(CloseReason.NO_PROPOSAL_CHOSEN);
        assertThat(reasonFor(NotifyType.INTERNAL_ADDRESS_FAILURE))
                .isEqualTo(CloseReason.ADDRESS_FAILURE);
        assertThat(reasonFor(NotifyType.TS_UNACCEPTABLE)).isEqualTo(CloseReason.TS_UNACCEPTABLE);
    }

    private static CloseReason reasonFor(NotifyType type) {
        World world = new World(4);
        ClientSettings settings = new ClientSettings();
        Node gateway = world.add(new GatewaySettings('a'));
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), gateway);
        GatewayByHand byHand = new GatewayByHand(world, client, gateway).begin();
        byHand.answerAuth(
                List.of(
                        new Payload.IdResponder(byHand.identity),
                        byHand.auth(),
                        Payload.Notify.of(type)));
        return client.lastClosed().reason();
    }

    @Test
    void theClientRefusesSelectorsBeyondItsOffer() {
        clientSettings.remoteSelectors = List.of(Net.subnet(10, 1, 7, 0, 24));
        assertThat(closedAfter(GatewayByHand::authPayloads)).isEqualTo(CloseReason.TS_UNACCEPTABLE);
    }

    @Test
    void theClientRefusesAnEspProposalThatItDidNotOffer() {
        assertThat(
                        closedAfter(byHand -> {
                            List<Payload> payloads = new ArrayList<>(byHand.authPayloads());
                            payloads.replaceAll(p ->
                                    p instanceof Payload.SecurityAssociation
                                            ? otherEsp(0xdecade01)
                                            : p);
                            return payloads;
                        }))
                .isEqualTo(CloseReason.NO_PROPOSAL_CHOSEN);
    }

    @Test
    void theClientRefusesAReservedSpi() {
        assertThat(
                        closedAfter(byHand -> {
                            List<Payload> payloads = new ArrayList<>(byHand.authPayloads());
                            payloads.replaceAll(p ->
                                    p instanceof Payload.SecurityAssociation
                                            ? InitiatorByHand.esp(255)
                                            : p);
                            return payloads;
                        }))
                .isEqualTo(CloseReason.NO_PROPOSAL_CHOSEN);
    }

    @Test
    void theClientRefusesATunnelWithoutTheAddressThatItAskedFor() {
        assertThat(
                        closedAfter(byHand -> {
                            List<Payload> payloads = new ArrayList<>(byHand.authPayloads());
                            payloads.removeIf(p -> p instanceof Payload.Configuration);
                            return payloads;
                        }))
                .isEqualTo(CloseReason.ADDRESS_FAILURE);
    }

    private static Payload otherEsp(int spi) {
        return new Payload.SecurityAssociation(
                List.of(Suites.esp("aes128gcm16").getFirst().toProposal(1, Octets.ofInt(spi))));
    }

    private CloseReason closedAfter(
            java.util.function.Function<GatewayByHand, List<Payload>> answer) {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        client.initiate(1, clientSettings.profile(), gateway);
        GatewayByHand byHand = new GatewayByHand(world, client, gateway).begin();
        byHand.answerAuth(answer.apply(byHand));
        assertThat(client.installed()).isEmpty();
        return client.lastClosed().reason();
    }

    @Test
    void aPoolThatNeverAnswersEndsInABoundedWait() {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        gateway.pool().fallSilent();

        client.initiate(1, clientSettings.profile(), gateway);
        world.advance(Duration.ofSeconds(10));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_UNRESPONSIVE);
        assertThat(gateway.endpoint().size()).isZero();
        assertThat(gateway.endpoint().halfOpen()).isZero();
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
    }

    @Test
    void aLeaseThatComesTooLateIsPassedOver() {
        Node gateway = world.add(gatewaySettings);
        Node client = world.add(clientSettings);
        gateway.pool().fallSilent();
        client.initiate(1, clientSettings.profile(), gateway);
        world.advance(Duration.ofSeconds(10));

        assertThat(
                        gateway.give(
                                new dev.postern.ike.Input.Answered(
                                        1,
                                        new dev.postern.ike.Answer.AddressesLeased(
                                                List.of(Net.ip(10, 77, 0, 2)), List.of()))))
                .isEmpty();
    }
}
