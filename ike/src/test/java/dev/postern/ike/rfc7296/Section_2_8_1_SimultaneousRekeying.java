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

    /// Both requests cross; then each is answered.
    ///
    /// @return the SPI of the Child SA that the gateway began to make
    private int cross(byte inRequest, byte inAnswer) {
        List<Payload> inner =
                List.of(
                        new Payload.TsInitiator(gateway.installed().getFirst().remote()),
                        new Payload.TsResponder(List.of(Net.subnet(0, 0, 0, 0, 0))));
        gateway.give(new Input.RekeyChildSa(replaced));
        world.settle();
        Datagram theirs = lastRequest(ExchangeType.CREATE_CHILD_SA);
        List<Payload> offer = peer.open(theirs);

        List<Payload> request = new ArrayList<>();
        request.add(
                new Payload.Notify(
                        Protocol.ESP,
                        Octets.ofInt(PEER_SPI),
                        NotifyType.REKEY_SA.code(),
                        Octets.EMPTY));
        request.add(InitiatorByHand.esp(0xc0ffee02));
        request.add(nonce(inRequest));
        request.addAll(inner);
        find(
                peer.request(ExchangeType.CREATE_CHILD_SA, 2, request),
                Payload.SecurityAssociation.class);

        List<Payload> answer = new ArrayList<>();
        answer.add(InitiatorByHand.esp(0xc0ffee03));
        answer.add(nonce(inAnswer));
        answer.add(find(offer, Payload.TsInitiator.class));
        answer.add(find(offer, Payload.TsResponder.class));
        peer.send(
                peer.seal(ExchangeType.CREATE_CHILD_SA, true, theirs.header().messageId(), answer));
        return find(offer, Payload.SecurityAssociation.class).proposals().getFirst().spi().toInt();
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
}
