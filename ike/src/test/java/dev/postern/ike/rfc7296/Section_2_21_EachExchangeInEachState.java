package dev.postern.ike.rfc7296;

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
import dev.postern.wire.Header;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/// Messages at the wrong time: dropped, or fatal where they are well protected and make no sense
/// (section 2.21).
class Section_2_21_EachExchangeInEachState {
    private final World world = new World(33);
    private final Node gateway = world.add(new GatewaySettings('a'));

    @ParameterizedTest
    @EnumSource(ExchangeType.class)
    void nothingButIkeAuthIsHeardBeforeIkeAuth(ExchangeType exchange) {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        if (exchange != ExchangeType.IKE_AUTH) {
            for (int id : new int[] {0, 1, 2}) {
                assertThat(
                                peer.send(
                                        peer.seal(
                                                exchange,
                                                false,
                                                id,
                                                List.of(new Payload.Delete(1, List.of())))))
                        .isEmpty();
            }
        }
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(1);
        peer.request(ExchangeType.IKE_AUTH, 1, peer.authPayloads());
        assertThat(gateway.events(Event.IkeSaEstablished.class)).hasSize(1);
    }

    @Test
    void tState2InformationalBeforeIkeAuthIsDropped() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        assertThat(peer.send(peer.seal(ExchangeType.INFORMATIONAL, false, 1, List.of()))).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_WRONG_STATE)).isEqualTo(1);
    }

    @Test
    void tState3CreateChildSaBeforeIkeAuthOpensNothing() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> rekey =
                List.of(
                        new Payload.SecurityAssociation(List.of(peer.suite.toProposal(1))),
                        new Payload.Nonce(Octets.of(peer.ni)),
                        peer.keyExchange(peer.keyAgreement.publicData()));
        assertThat(peer.send(peer.seal(ExchangeType.CREATE_CHILD_SA, false, 1, rekey))).isEmpty();
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(gateway.endpoint().size()).isEqualTo(1);
    }

    @Test
    void tState1AnUnknownPeersRepeatedIkeAuthLeavesOneAnswerAndNoState() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        peer.identity = dev.postern.wire.Identity.fqdn("nobody.example");
        peer.begin();
        byte[] auth = peer.seal(ExchangeType.IKE_AUTH, false, 1, peer.authPayloads());
        for (int i = 0; i < 5; i++) {
            assertThat(peer.send(auth)).hasSize(1);
        }
        world.advance(Duration.ofSeconds(31));
        assertThat(peer.send(auth)).isEmpty();
        assertThat(gateway.endpoint().size()).isZero();
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
    }

    @Test
    void ikeAuthWithAnotherMessageIdThanOneIsDropped() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        for (int id : new int[] {0, 2, -1}) {
            assertThat(peer.send(peer.seal(ExchangeType.IKE_AUTH, false, id, peer.authPayloads())))
                    .isEmpty();
        }
        assertThat(gateway.count(Counter.DROPPED_WRONG_STATE)).isEqualTo(3);
    }

    @Test
    void garbageUnderTheRightSpisCostsOneKeyAgreementAndDisturbsNobody() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        byte[] good = peer.seal(ExchangeType.IKE_AUTH, false, 1, peer.authPayloads());
        for (int i = 0; i < 100; i++) {
            byte[] bad = good.clone();
            bad[bad.length - 1 - i] ^= 0x55;
            assertThat(peer.send(bad)).isEmpty();
        }
        assertThat(gateway.count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(100);
        assertThat(peer.send(good)).hasSize(1);
        assertThat(gateway.events(Event.IkeSaEstablished.class)).hasSize(1);
    }

    @Test
    void ikeAuthOnceMoreAfterItHasSucceededIsFatal() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        assertThat(onlyNotify(peer.request(ExchangeType.IKE_AUTH, 2, peer.authPayloads())))
                .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        assertThat(gateway.count(Counter.REFUSED_INVALID_SYNTAX)).isEqualTo(1);
        assertThat(gateway.count(Counter.DROPPED_WRONG_STATE)).as("it was answered").isZero();
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.SYNTAX);
        assertThat(gateway.installed()).isEmpty();
    }

    @Test
    void aMalformedChainUnderSkIsAnsweredWithInvalidSyntaxAndIsFatal() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        List<Payload> twoNonces =
                List.of(
                        new Payload.Nonce(Octets.of(new byte[32])),
                        new Payload.Nonce(Octets.of(new byte[32])));
        assertThat(onlyNotify(peer.request(ExchangeType.INFORMATIONAL, 2, twoNonces)))
                .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        assertThat(gateway.count(Counter.REFUSED_INVALID_SYNTAX)).isEqualTo(1);
        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.SYNTAX);
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void tTs1MalformedSelectorsInIkeAuthEndTheAttempt() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new java.util.ArrayList<>(peer.authPayloads());
        payloads.replaceAll(p ->
                p instanceof Payload.TsInitiator
                        ? new Payload.Unknown(44, false, Octets.ofHex("0100000007000008"))
                        : p);
        assertThat(onlyNotify(peer.request(ExchangeType.IKE_AUTH, 1, payloads)))
                .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(peer.send(peer.seal(ExchangeType.IKE_AUTH, false, 2, peer.authPayloads())))
                .isEmpty();
    }

    @Test
    void aProtectedMessageInClearTextIsDropped() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        Header header =
                new Header(peer.spiI, peer.spiR(), ExchangeType.INFORMATIONAL, true, false, 2);
        assertThat(
                        peer.send(
                                MessageCodec.encode(
                                        header, List.of(new Payload.Delete(1, List.of())))))
                .isEmpty();
        assertThat(gateway.count(Counter.DROPPED_NOT_PROTECTED)).isEqualTo(1);
        assertThat(gateway.endpoint().size()).isEqualTo(1);
    }

    @Test
    void unknownSpisAndWrongFlagsAreDropped() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        byte[] good = peer.seal(ExchangeType.INFORMATIONAL, false, 2, List.of());
        byte[] otherSpiR = good.clone();
        otherSpiR[15] ^= 1;
        byte[] otherSpiI = good.clone();
        otherSpiI[0] ^= 1;
        byte[] asResponder = good.clone();
        asResponder[19] ^= 0x08;
        for (byte[] bad : List.of(otherSpiR, otherSpiI, asResponder)) {
            assertThat(peer.send(bad)).isEmpty();
        }
        assertThat(gateway.count(Counter.DROPPED_UNKNOWN_SPI)).isEqualTo(2);
        assertThat(gateway.count(Counter.DROPPED_WRONG_DIRECTION)).isEqualTo(1);
        assertThat(peer.send(good)).hasSize(1);
    }

    @Test
    void anInitWithResponderSpiOrMessageIdOrFromTheResponderIsDropped() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        Header[] headers = {
            new Header(5, 6, ExchangeType.IKE_SA_INIT, true, false, 0),
            new Header(5, 0, ExchangeType.IKE_SA_INIT, true, false, 1),
            new Header(5, 0, ExchangeType.IKE_SA_INIT, false, false, 0)
        };
        for (Header header : headers) {
            assertThat(peer.send(MessageCodec.encode(header, peer.initPayloads()))).isEmpty();
        }
        assertThat(gateway.count(Counter.DROPPED_WRONG_STATE)).isEqualTo(3);
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void anInitWithoutItsPayloadsIsToldSo() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        for (int missing = 0; missing < 3; missing++) {
            List<Payload> payloads = new java.util.ArrayList<>(peer.initPayloads());
            payloads.remove(missing);
            assertThat(onlyNotify(peer.send(peer.init(payloads)).getFirst().message().payloads()))
                    .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        }
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void aFragmentIsDroppedAndCountedWhereFragmentationWasNotAnnounced() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        byte[] octets = peer.seal(ExchangeType.INFORMATIONAL, false, 2, List.of());
        octets[16] = 53;
        System.arraycopy(new byte[] {0, 1, 0, 1}, 0, octets, 32, 4);
        assertThat(peer.send(octets)).isEmpty();
        assertThat(gateway.count(Counter.DROPPED_FRAGMENT)).isEqualTo(1);
    }

    @Test
    void aClientWithoutProfilesAnswersNoRequestAtAll() {
        ClientSettings settings = new ClientSettings();
        Node client = world.add(settings);
        InitiatorByHand peer = new InitiatorByHand(world, client, 1);
        assertThat(peer.send(peer.init(peer.initPayloads()))).isEmpty();
        assertThat(client.count(Counter.DROPPED_WRONG_STATE)).isEqualTo(1);
    }

    @Test
    void theClientHearsNoRequestsBeforeTheGatewayIsProven() {
        ClientSettings settings = new ClientSettings();
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), gateway);
        GatewayByHand byHand = new GatewayByHand(world, client, gateway).begin();
        int before = world.carried().size();
        byHand.send(
                byHand.seal(
                        ExchangeType.INFORMATIONAL,
                        false,
                        0,
                        List.of(new Payload.Delete(1, List.of()))));
        byHand.send(byHand.seal(ExchangeType.INFORMATIONAL, true, 1, List.of()));
        assertThat(world.carried()).hasSize(before);
        assertThat(client.count(Counter.DROPPED_WRONG_STATE)).isEqualTo(1);
        assertThat(client.count(Counter.DROPPED_UNWANTED_RESPONSE)).isEqualTo(1);
        byHand.answerAuth(byHand.authPayloads());
        assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(1);
    }

    @Test
    void aMalformedAnswerUnderSkEndsTheClientsAttempt() {
        ClientSettings settings = new ClientSettings();
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), gateway);
        GatewayByHand byHand = new GatewayByHand(world, client, gateway).begin();
        byHand.answerAuth(
                List.of(
                        new Payload.IdResponder(byHand.identity),
                        new Payload.IdResponder(byHand.identity)));
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.SYNTAX);
    }

    @Test
    void theTwoSidesOfOneEndpointDoNotMeet() {
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
        Datagram reflected =
                new Datagram(
                        peer.address,
                        gateway.address(),
                        peer.initResponse().octets().array().clone());
        world.deliver(reflected);
        assertThat(gateway.count(Counter.DROPPED_UNKNOWN_SPI)).isEqualTo(1);
    }
}
