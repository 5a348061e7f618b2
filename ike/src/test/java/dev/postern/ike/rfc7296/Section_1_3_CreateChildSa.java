package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.InitiatorByHand.find;
import static dev.postern.ike.world.InitiatorByHand.onlyNotify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.Protocol;
import dev.postern.wire.TrafficSelector;
import dev.postern.wire.Transform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/// CREATE_CHILD_SA from a peer that says what it is told to: sections 1.3, 2.25 and 3.10.
class Section_1_3_CreateChildSa {
    private static final int PEER_SPI = 0xc0ffee01;

    private final World world = new World(13);
    private final Node gateway = world.add(new GatewaySettings('a'));
    private final InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();

    private List<Payload> childPayloads(int spi) {
        List<TrafficSelector> inner = gateway.installed().getFirst().remote();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(InitiatorByHand.esp(spi));
        payloads.add(new Payload.Nonce(Octets.of(peer.ni)));
        payloads.add(new Payload.TsInitiator(inner));
        payloads.add(new Payload.TsResponder(List.of(Net.subnet(0, 0, 0, 0, 0))));
        return payloads;
    }

    private List<Payload> rekey(int protocol, Octets spi) {
        List<Payload> payloads = childPayloads(0xc0ffee02);
        payloads.addFirst(
                new Payload.Notify(protocol, spi, NotifyType.REKEY_SA.code(), Octets.EMPTY));
        return payloads;
    }

    private List<Payload> ask(List<Payload> payloads) {
        return peer.request(ExchangeType.CREATE_CHILD_SA, 2, payloads);
    }

    /// threats.md T-REKEY-1: REKEY_SA with protocol id 0 or 1 crashed a peer that echoed it.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 255})
    void T_REKEY_1_aRekeyOfAnotherProtocolFindsNoChildSaAndEchoesNothing(int protocol) {
        List<Payload> answer = ask(rekey(protocol, Octets.ofInt(PEER_SPI)));

        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.CHILD_SA_NOT_FOUND.code());
        Payload.Notify notify = find(answer, Payload.Notify.class);
        assertThat(notify.protocol()).isZero();
        assertThat(notify.spi().isEmpty()).isTrue();
        assertThat(gateway.installed()).hasSize(1);
        assertThat(gateway.endpoint().size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 200})
    void aRekeyWithAnSpiOfAnotherLengthFindsNoChildSa(int length) {
        List<Payload> answer = ask(rekey(Protocol.ESP, Octets.of(new byte[length])));

        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.CHILD_SA_NOT_FOUND.code());
        assertThat(gateway.installed()).hasSize(1);
    }

    @Test
    void aRekeyOfAChildSaThatDoesNotExistIsToldWhichOne() {
        List<Payload> answer = ask(rekey(Protocol.ESP, Octets.ofInt(0xc0ffee77)));

        Payload.Notify notify = find(answer, Payload.Notify.class);
        assertThat(notify.is(NotifyType.CHILD_SA_NOT_FOUND)).isTrue();
        assertThat(notify.protocol()).isEqualTo(Protocol.ESP);
        assertThat(notify.spi()).isEqualTo(Octets.ofInt(0xc0ffee77));
    }

    @Test
    void aRekeyOfTheChildSaIsAnsweredAndTheSecondOneOfTheSameIsTemporarilyRefused() {
        List<Payload> answer = ask(rekey(Protocol.ESP, Octets.ofInt(PEER_SPI)));
        assertThat(find(answer, Payload.Nonce.class).data().length()).isEqualTo(32);
        assertThat(gateway.events(Event.ChildSaEstablished.class)).hasSize(1);

        List<Payload> again =
                peer.request(
                        ExchangeType.CREATE_CHILD_SA,
                        3,
                        rekey(Protocol.ESP, Octets.ofInt(PEER_SPI)));
        assertThat(onlyNotify(again)).isEqualTo(NotifyType.TEMPORARY_FAILURE.code());
    }

    @Test
    void aRetransmittedRequestGetsTheSameOctetsAndMakesNothingTwice() {
        byte[] request =
                peer.seal(ExchangeType.CREATE_CHILD_SA, false, 2, childPayloads(0xc0ffee03));
        byte[] first = peer.send(request).getFirst().octets();
        byte[] second = peer.send(request).getFirst().octets();

        assertThat(second).isEqualTo(first);
        assertThat(gateway.installed()).hasSize(2);
    }

    @Test
    void aRequestWithoutSelectorsOrNonceIsInvalidAndTheTunnelStands() {
        List<Payload> answer =
                ask(
                        List.of(
                                InitiatorByHand.esp(0xc0ffee02),
                                new Payload.Nonce(Octets.of(peer.ni))));

        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.INVALID_SYNTAX.code());
        assertThat(gateway.installed()).hasSize(1);
    }

    @Test
    void anotherGroupThanTheGatewayAllowsIsToldTheRightOne() {
        List<Payload> payloads = childPayloads(0xc0ffee02);
        Proposal plain = find(payloads, Payload.SecurityAssociation.class).proposals().getFirst();
        List<Transform> transforms = new ArrayList<>(plain.transforms());
        transforms.add(new Transform(Transform.KE, 19));
        transforms.add(new Transform(Transform.KE, 31));
        payloads.set(
                0,
                new Payload.SecurityAssociation(
                        List.of(new Proposal(1, Protocol.ESP, plain.spi(), transforms))));
        payloads.add(new Payload.KeyExchange(19, Octets.of(new byte[64])));

        List<Payload> answer = ask(payloads);

        Payload.Notify notify = find(answer, Payload.Notify.class);
        assertThat(notify.is(NotifyType.INVALID_KE_PAYLOAD)).isTrue();
        assertThat(notify.data()).isEqualTo(Octets.of(new byte[] {0, 31}));
        assertThat(gateway.installed()).hasSize(1);
    }

    @Test
    void aKeyExchangeValueOfLowOrderMakesNoChildSa() {
        List<Payload> payloads = childPayloads(0xc0ffee02);
        Proposal plain = find(payloads, Payload.SecurityAssociation.class).proposals().getFirst();
        List<Transform> transforms = new ArrayList<>(plain.transforms());
        transforms.add(new Transform(Transform.KE, 31));
        payloads.set(
                0,
                new Payload.SecurityAssociation(
                        List.of(new Proposal(1, Protocol.ESP, plain.spi(), transforms))));
        payloads.add(new Payload.KeyExchange(31, Octets.of(new byte[32])));

        assertThat(onlyNotify(ask(payloads))).isEqualTo(NotifyType.INVALID_SYNTAX.code());
        assertThat(gateway.installed()).hasSize(1);
    }

    @Test
    void moreChildSasThanTheBoundAreRefused() {
        int messageId = 2;
        List<Payload> answer = List.of();
        for (int i = 0; i < 40; i++) {
            answer =
                    peer.request(
                            ExchangeType.CREATE_CHILD_SA,
                            messageId++,
                            childPayloads(0xc0ffee02 + i));
        }
        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.NO_ADDITIONAL_SAS.code());
        assertThat(gateway.installed()).hasSize(32);
    }

    @Test
    void anIkeSaRekeyWithAnSpiOfAnotherLengthOrZeroIsRefused() {
        int messageId = 2;
        for (Octets spi : List.of(Octets.EMPTY, Octets.ofInt(5), Octets.ofLong(0))) {
            List<Payload> answer =
                    peer.request(
                            ExchangeType.CREATE_CHILD_SA,
                            messageId++,
                            List.of(
                                    new Payload.SecurityAssociation(
                                            List.of(peer.suite.toProposal(1).withSpi(spi))),
                                    new Payload.Nonce(Octets.of(peer.ni)),
                                    peer.keyExchange(peer.keyAgreement.publicData())));
            assertThat(onlyNotify(answer)).isEqualTo(NotifyType.NO_PROPOSAL_CHOSEN.code());
        }
        assertThat(gateway.endpoint().size()).isEqualTo(1);
    }

    /// threats.md T-STATE-3: rekeying an IKE SA that is not established yet was an authentication
    /// bypass.
    @Test
    void T_STATE_3_aHalfOpenIkeSaIsNotRekeyed() {
        InitiatorByHand stranger = new InitiatorByHand(world, gateway, 2).begin();

        byte[] request =
                stranger.seal(
                        ExchangeType.CREATE_CHILD_SA,
                        false,
                        1,
                        List.of(
                                new Payload.SecurityAssociation(
                                        List.of(
                                                stranger.suite
                                                        .toProposal(1)
                                                        .withSpi(Octets.ofLong(77)))),
                                new Payload.Nonce(Octets.of(stranger.ni)),
                                stranger.keyExchange(stranger.keyAgreement.publicData())));

        assertThat(stranger.send(request)).isEmpty();
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(1);
        assertThat(gateway.endpoint().size()).isEqualTo(2);
        assertThat(gateway.events(Event.IkeSaRekeyed.class)).isEmpty();
    }
}
