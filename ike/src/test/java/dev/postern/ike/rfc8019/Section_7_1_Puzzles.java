package dev.postern.ike.rfc8019;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Prf;
import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Now;
import dev.postern.ike.guard.Puzzle;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.World;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// Puzzles in IKE_SA_INIT, in both roles.
class Section_7_1_Puzzles {
    private final World world = new World(31);
    private final GatewaySettings settings = new GatewaySettings('a');

    private Node crowdedGateway() {
        settings.limits =
                new Limits(0, 8, 30 * Now.NANOS_PER_SECOND, 100, 4, 30 * Now.NANOS_PER_SECOND);
        Node gateway = world.add(settings);
        for (int i = 0; i < 4; i++) {
            InitiatorByHand peer = new InitiatorByHand(world, gateway, 100 + i);
            peer.begin(withCookie(peer, first(peer)));
        }
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(4);
        return gateway;
    }

    private static List<Payload> first(InitiatorByHand peer) {
        return peer.send(peer.init(peer.initPayloads())).getFirst().message().payloads();
    }

    private static Octets cookie(List<Payload> answer) {
        return notify(answer, NotifyType.COOKIE).data();
    }

    private static Payload.Notify notify(List<Payload> answer, NotifyType type) {
        Payload.Notify found = Message.findNotify(answer, type);
        if (found == null) {
            throw new AssertionError("no " + type + " in " + answer);
        }
        return found;
    }

    private static List<Payload> withCookie(InitiatorByHand peer, List<Payload> answer) {
        List<Payload> payloads = new ArrayList<>(peer.initPayloads());
        payloads.addFirst(Payload.Notify.of(NotifyType.COOKIE, cookie(answer)));
        return payloads;
    }

    private static Octets solution(List<Payload> answer) {
        Puzzle puzzle = Puzzle.of(notify(answer, NotifyType.PUZZLE).data()).orElseThrow();
        Octets solved = puzzle.solve(cookie(answer), 0);
        if (solved == null) {
            throw new AssertionError("a puzzle of " + puzzle.difficulty() + " zero bits");
        }
        return solved;
    }

    /// The cookie of the example in section 4.4; its keys do not fit it, these were found with
    /// another implementation of HMAC.
    ///
    /// Interop: puzzle solution (RFC 8019) found by another program | vectors | neither
    @Test
    void aSolutionFoundElsewhereIsOne() {
        Octets cookie = Octets.ofHex("739ae7492d8a810cf5e8dc0f9626c9dda773c5a3");
        Octets keys = Octets.ofHex("00cd8a01c2440208a8029db4");
        assertThat(new Puzzle(Prf.HMAC_SHA2_256, 16).isSolvedBy(keys, cookie)).isTrue();
        assertThat(new Puzzle(Prf.HMAC_SHA2_256, 17).isSolvedBy(keys, cookie)).isFalse();
        assertThat(new Puzzle(Prf.HMAC_SHA2_384, 16).isSolvedBy(keys, cookie)).isFalse();
    }

    @Test
    void fourDifferentKeysOfOneSizeAreWanted() {
        Octets cookie = Octets.ofHex("739ae7492d8a810cf5e8dc0f9626c9dda773c5a3");
        Puzzle puzzle = new Puzzle(Prf.HMAC_SHA2_256, 16);
        for (String wrong :
                List.of(
                        "",
                        "00cd8a",
                        "00cd8a01c244" + "0208a8",
                        "00cd8a00cd8a" + "00cd8a00cd8a",
                        "00cd8a01c244" + "0208a80208a8",
                        "00cd8a01c244" + "0208a8029db5",
                        "00cd8a01c244" + "0208a8029db400")) {
            assertThat(puzzle.isSolvedBy(Octets.ofHex(wrong), cookie)).as(wrong).isFalse();
        }
    }

    /// Interop: cookies and puzzles (RFC 8019) | Postern | Postern initiates
    @Test
    void aCrowdedGatewayWantsAPuzzleSolvedAndTheClientSolvesIt() {
        Node gateway = crowdedGateway();
        ClientSettings clientSettings = new ClientSettings();
        Node client = world.add(clientSettings);

        client.initiate(1, clientSettings.profile(), gateway);
        world.settle();

        assertTunnel(client, gateway);
        assertThat(gateway.count(Counter.PUZZLE_SENT)).isEqualTo(1);
        assertThat(gateway.count(Counter.PUZZLE_SOLVED)).isEqualTo(1);
    }

    @Test
    void thePuzzleNamesAPrfThatTheInitiatorHasOffered() {
        Node gateway = crowdedGateway();
        List<Payload> answer = first(new InitiatorByHand(world, gateway, 1));
        Puzzle puzzle = Puzzle.of(notify(answer, NotifyType.PUZZLE).data()).orElseThrow();
        assertThat(puzzle.prf()).isEqualTo(Prf.HMAC_SHA2_384);
        assertThat(puzzle.difficulty()).isBetween(Puzzle.EASIEST, Puzzle.HARDEST_SOLVED);
    }

    private static int difficulty(List<Payload> answer) {
        return Puzzle.of(notify(answer, NotifyType.PUZZLE).data()).orElseThrow().difficulty();
    }

    /// Where most of the load comes from more is asked, and nobody is refused for a neighbour.
    @Test
    void aPrefixThatMostComesFromPaysTwoBitsMoreAndOthersDoNot() {
        Node gateway = crowdedGateway();
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        int before = difficulty(first(peer));
        for (int i = 0; i < 100; i++) {
            first(new InitiatorByHand(world, gateway, 2));
        }

        assertThat(difficulty(first(peer))).isEqualTo(before + 2);
        InetSocketAddress elsewhere = Net.port4500(Net.ip(198, 51, 100, 7));
        world.deliver(new Datagram(elsewhere, gateway.address(), peer.init(peer.initPayloads())));
        world.settle();
        Datagram answer = world.carried().getLast();
        assertThat(answer.to()).isEqualTo(elsewhere);
        assertThat(difficulty(answer.message().payloads())).isEqualTo(before);
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(4);
    }

    @Test
    void aWrongSolutionGetsAnotherPuzzleAndNothingIsKept() {
        Node gateway = crowdedGateway();
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        List<Payload> answer = first(peer);
        List<Payload> again = withCookie(peer, answer);
        again.add(1, new Payload.PuzzleSolution(Octets.of(new byte[32])));

        List<Datagram> back = peer.send(peer.init(again));

        assertThat(notify(back.getFirst().message().payloads(), NotifyType.PUZZLE)).isNotNull();
        assertThat(gateway.count(Counter.PUZZLE_WRONG)).isEqualTo(1);
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(4);
    }

    @Test
    void aSolutionIsGoodForItsCookieAlone() {
        Node gateway = crowdedGateway();
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        Octets solution = solution(first(peer));
        InitiatorByHand other = new InitiatorByHand(world, gateway, 2);
        List<Payload> stolen = withCookie(other, first(other));
        stolen.add(1, new Payload.PuzzleSolution(solution));

        other.send(other.init(stolen));

        assertThat(gateway.count(Counter.PUZZLE_WRONG)).isEqualTo(1);
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(4);
    }

    /// Section 7.1.1.3: what the cookie says of its puzzle is protected.
    @Test
    void theDifficultyInACookieCannotBeTakenOut() {
        Node gateway = crowdedGateway();
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1);
        byte[] cookie = cookie(first(peer)).array().clone();
        cookie[1] = 0;
        List<Payload> again = new ArrayList<>(peer.initPayloads());
        again.addFirst(Payload.Notify.of(NotifyType.COOKIE, Octets.of(cookie)));

        peer.send(peer.init(again));

        assertThat(gateway.count(Counter.COOKIE_WRONG)).isEqualTo(1);
        assertThat(gateway.endpoint().halfOpen()).isEqualTo(4);
    }

    @Test
    void aClientSpendsNoMoreThanItsBound() {
        Octets cookie = Octets.ofHex("0102030405060708");
        assertThat(new Puzzle(Prf.HMAC_SHA2_256, 17).solve(cookie, 0)).isNull();
        assertThat(new Puzzle(Prf.HMAC_SHA2_256, 255).solve(cookie, 0)).isNull();
        assertThat(new Puzzle(Prf.HMAC_SHA2_256, 0).solve(cookie, 0)).isNotNull();
        assertThat(Puzzle.of(Octets.ofHex("0005"))).isEmpty();
        assertThat(Puzzle.of(Octets.ofHex("fffe09"))).isEmpty();
    }
}
