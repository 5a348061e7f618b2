package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.InitiatorByHand.find;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Input;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Protocol;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Both peers rekey the Child SA at once, one of them led by hand, so that the rule is held against
/// the text and not against a peer that reads it the same way: "the SA created with the lowest of
/// the four nonces used in the two exchanges SHOULD be closed by the endpoint that created it", and
/// whoever has made the other one deletes the replaced Child SA.
class Section_2_8_1_SimultaneousRekeying {
    private static final int PEER_SPI = 0xc0ffee01;
    private static final byte LOWEST = 0;
    private static final byte HIGHEST = (byte) 0xff;

    private final World world = new World(281);
    private final Node gateway = world.add(new GatewaySettings('a'));
    private final InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).establish();
    private final int replaced = gateway.installed().getFirst().inboundSpi();

    private static Payload.Nonce nonce(byte octet) {
        byte[] octets = new byte[32];
        Arrays.fill(octets, octet);
        return new Payload.Nonce(Octets.of(octets));
    }

    private Datagram lastRequest(ExchangeType exchange) {
        return world.carried().stream()
                .filter(each ->
                        each.to().equals(peer.address)
                                && each.header().exchange() == exchange
                                && !each.header().response())
                .reduce((_, later) -> later)
                .orElseThrow(() -> new AssertionError("no request of " + exchange));
    }

    private List<Payload> selectors() {
        return List.of(
                new Payload.TsInitiator(gateway.installed().getFirst().remote()),
                new Payload.TsResponder(List.of(Net.subnet(0, 0, 0, 0, 0))));
    }

    /// The gateway asks for a successor of the Child SA.
    private Datagram gatewayRekeys() {
        gateway.give(new Input.RekeyChildSa(replaced));
        world.settle();
        return lastRequest(ExchangeType.CREATE_CHILD_SA);
    }

    /// The peer asks for one.
    ///
    /// @return the gateway's answer
    private List<Payload> peerRekeys(int messageId, int spi, byte nonce) {
        List<Payload> request = new ArrayList<>();
        request.add(
                new Payload.Notify(
                        Protocol.ESP,
                        Octets.ofInt(PEER_SPI),
                        NotifyType.REKEY_SA.code(),
                        Octets.EMPTY));
        request.add(InitiatorByHand.esp(spi));
        request.add(nonce(nonce));
        request.addAll(selectors());
        return peer.request(ExchangeType.CREATE_CHILD_SA, messageId, request);
    }

    /// The peer answers the gateway's request.
    ///
    /// @return the SPI of the Child SA that the gateway began to make
    private int peerAnswers(Datagram theirs, byte nonce) {
        List<Payload> offer = peer.open(theirs);
        List<Payload> answer = new ArrayList<>();
        answer.add(InitiatorByHand.esp(0xc0ffee03));
        answer.add(nonce(nonce));
        answer.add(find(offer, Payload.TsInitiator.class));
        answer.add(find(offer, Payload.TsResponder.class));
        peer.send(
                peer.seal(ExchangeType.CREATE_CHILD_SA, true, theirs.header().messageId(), answer));
        return find(offer, Payload.SecurityAssociation.class).proposals().getFirst().spi().toInt();
    }

    /// Both requests cross; then each is answered.
    ///
    /// @return the SPI of the Child SA that the gateway began to make
    private int cross(byte inRequest, byte inAnswer) {
        Datagram theirs = gatewayRekeys();
        find(peerRekeys(2, 0xc0ffee02, inRequest), Payload.SecurityAssociation.class);
        return peerAnswers(theirs, inAnswer);
    }

    private void assertDeletes(int spi) {
        List<Payload> payloads = peer.open(lastRequest(ExchangeType.INFORMATIONAL));
        assertThat(find(payloads, Payload.Delete.class).spis()).containsExactly(Octets.ofInt(spi));
    }

    @Test
    void theLowestNonceIsInTheAnswerToOurRequestSoOursGoes() {
        int made = cross(HIGHEST, LOWEST);

        assertDeletes(made);
    }

    @Test
    void theLowestNonceIsInThePeersRequestSoItsGoesAndWeDeleteTheReplacedOne() {
        cross(LOWEST, HIGHEST);

        assertDeletes(replaced);
    }

    /// Of "the four nonces used in the two exchanges" there is no third exchange: what a peer that
    /// rekeys the same Child SA once more would get is compared with nothing, and deleted by
    /// nobody.
    @Test
    void aPeerThatRekeysTheSameOnceMoreBeforeItAnswersOursIsToldToWait() {
        Datagram theirs = gatewayRekeys();
        find(peerRekeys(2, 0xc0ffee02, HIGHEST), Payload.SecurityAssociation.class);
        int pairs = gateway.installed().size();

        List<Payload> answer = peerRekeys(3, 0xc0ffee04, HIGHEST);

        assertThat(find(answer, Payload.Notify.class).type())
                .isEqualTo(NotifyType.TEMPORARY_FAILURE.code());
        assertThat(gateway.installed()).hasSize(pairs);
        assertDeletes(peerAnswers(theirs, LOWEST));
    }
}
