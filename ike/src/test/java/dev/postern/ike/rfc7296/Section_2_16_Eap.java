package dev.postern.ike.rfc7296;

import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Counter;
import dev.postern.ike.EapPolicy;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.EapByHand;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.wire.EapPacket;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// EAP in IKE_AUTH between two endpoints of ours, with a method of the test's own.
class Section_2_16_Eap {
    private static final EapPolicy GATEWAY_BY_KEY =
            new EapPolicy(GatewaySettings.key("what proves the gateway"), false, true);

    private final World world = new World(216);
    private final GatewaySettings gatewaySettings = new GatewaySettings('a');
    private final GatewaySettings otherSettings = new GatewaySettings('b');
    private final ClientSettings settings = new ClientSettings();
    private final EapByHand method = new EapByHand();

    Section_2_16_Eap() {
        gatewaySettings.eap = GATEWAY_BY_KEY;
        otherSettings.eap = GATEWAY_BY_KEY;
        settings.eap = GATEWAY_BY_KEY;
    }

    private Node gateway() {
        return world.add(gatewaySettings);
    }

    private Node client() {
        return world.add(settings);
    }

    private void connect(Node client, Node gateway) {
        method.seat(gateway, client);
        client.initiate(1, settings.profile(), gateway);
        world.settle();
    }

    @Test
    void theKeyThatEapMadeProvesBothPeers() {
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertTunnel(client, gateway);
        assertThat(gateway.lastEstablished().peer())
                .as("the authenticated identity is EAP's, not IDi")
                .isEqualTo(Identity.email("alice@example.org"));
        assertThat(client.lastEstablished().peer()).isEqualTo(gatewaySettings.identity());
        assertThat(world.carried()).as("IKE_SA_INIT, start, two rounds, AUTH").hasSize(10);
    }

    @Test
    void theServerLearnsWhoAsksAndFromWhere() {
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertThat(method.toServer).hasSize(3);
        assertThat(method.toServer.getFirst().packet()).as("a beginning").isEqualTo(Octets.EMPTY);
        assertThat(method.toServer)
                .allSatisfy(ask -> {
                    assertThat(ask.peer()).isEqualTo(settings.identity);
                    assertThat(ask.path().remote()).isEqualTo(settings.address());
                    assertThat(ask.profile()).isEqualTo("roadwarriors");
                    assertThat(ask.conversation())
                            .isEqualTo(method.toServer.getFirst().conversation());
                });
    }

    @Test
    void anotherKeyAtTheServerIsRefusedByTheGateway() {
        method.serverKey = 8;
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(gateway.count(Counter.REFUSED_AUTHENTICATION)).isEqualTo(1);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aFailureEndsBothPeers() {
        method.instead = new Answer.EapFailed(EapPacket.failure(0).encode(), "wrong password");
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertThat(gateway.count(Counter.REFUSED_EAP)).isEqualTo(1);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(client.endpoint().size()).isZero();
        world.advance(Duration.ofSeconds(40));
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void aFailureAfterTheMethodHasBegunIsEapFailure() {
        Node gateway = gateway();
        Node client = client();
        method.seat(gateway, client);
        gateway.seatEapServer(ask ->
                ask.packet().isEmpty()
                        ? method.serve(ask)
                        : new Answer.EapFailed(EapPacket.failure(0).encode(), "wrong password"));
        client.initiate(1, settings.profile(), gateway);
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(client.lastClosed().detail()).contains("FAILURE");
        world.advance(Duration.ofSeconds(40));
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void aClientThatMeansAnotherGatewayIsRefusedBeforeTheServerIsAsked() {
        settings.namedGateway = Identity.fqdn("gw-b.example");
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertThat(method.toServer).isEmpty();
        assertThat(gateway.count(Counter.REFUSED_AUTHENTICATION)).isEqualTo(1);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    /// The key of EAP is "used by both the initiator and responder to generate AUTH payloads in
    /// messages 7 and 8 using the syntax for shared secrets": whatever else AUTH calls itself, it
    /// is none, even with the right octets.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 9, 13, 14, 255})
    void authAfterEapIsThatOfASharedSecret(int authMethod) {
        Node gateway = gateway();
        gateway.seatEapServer(method::serve);
        InitiatorByHand peer = new InitiatorByHand(world, gateway, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.removeIf(Payload.Authentication.class::isInstance);
        peer.request(ExchangeType.IKE_AUTH, 1, payloads);
        for (int i = 0; i < method.requests; i++) {
            Octets response = EapPacket.response(i, 255, Octets.ofAscii("answer")).encode();
            peer.request(ExchangeType.IKE_AUTH, 2 + i, List.of(new Payload.Eap(response)));
        }
        byte[] msk = new byte[64];
        Arrays.fill(msk, method.serverKey);
        peer.preSharedKey = SecretBytes.owning(msk);

        List<Payload> last =
                peer.request(
                        ExchangeType.IKE_AUTH,
                        2 + method.requests,
                        List.of(new Payload.Authentication(authMethod, peer.auth().data())));

        if (authMethod == Payload.Authentication.SHARED_KEY) {
            assertThat(gateway.events(Event.IkeSaEstablished.class)).hasSize(1);
        } else {
            assertThat(InitiatorByHand.onlyNotify(last))
                    .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
            assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        }
    }

    /// RFC 3748 section 4: a peer sends responses. The server sees nothing else.
    @Test
    void aPeerThatSendsAnythingButAnEapResponseIsRefused() {
        Octets answer = Octets.ofAscii("answer");
        List<Octets> wrong =
                List.of(
                        EapPacket.request(0, 255, answer).encode(),
                        EapPacket.success(0).encode(),
                        EapPacket.failure(0).encode(),
                        EapPacket.response(0, 255, answer).encode().slice(0, 7),
                        Octets.EMPTY);
        Node gateway = gateway();
        gateway.seatEapServer(method::serve);
        for (int i = 0; i < wrong.size(); i++) {
            InitiatorByHand peer = new InitiatorByHand(world, gateway, i + 1).begin();
            List<Payload> payloads = new ArrayList<>(peer.authPayloads());
            payloads.removeIf(Payload.Authentication.class::isInstance);
            peer.request(ExchangeType.IKE_AUTH, 1, payloads);

            List<Payload> refusal =
                    peer.request(ExchangeType.IKE_AUTH, 2, List.of(new Payload.Eap(wrong.get(i))));

            assertThat(InitiatorByHand.onlyNotify(refusal))
                    .as("packet %d", i)
                    .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        }
        assertThat(method.toServer)
                .as("beginnings")
                .hasSize(wrong.size())
                .allSatisfy(ask -> assertThat(ask.packet()).isEqualTo(Octets.EMPTY));
    }

    /// T-AUTH-2: a gateway that begins EAP without AUTH, which nobody has agreed to.
    @Test
    void aGatewayThatLeavesItsAuthOutLearnsNothing() {
        Node client = client();
        client.seatEapPeer(method::answer);
        Node seat = gateway();
        client.initiate(1, settings.profile(), seat);
        GatewayByHand impostor = new GatewayByHand(world, client, seat).begin();

        impostor.answerAuth(
                List.of(
                        new Payload.IdResponder(impostor.identity),
                        new Payload.Eap(EapPacket.request(0, 255, Octets.EMPTY).encode())));

        assertThat(method.toPeer).as("no method ran").isEmpty();
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(client.lastClosed().detail()).contains("did not prove itself before EAP");
    }

    /// T-AUTH-2.
    @Test
    void aGatewayThatDoesNotProveItselfFirstLearnsNothing() {
        settings.eap = new EapPolicy(GatewaySettings.key("another key"), false, true);
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertThat(method.toPeer).as("no method ran").isEmpty();
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void lostAndDoubledMessagesChangeNothing() {
        Node gateway = gateway();
        Node client = client();
        world.setFate(new EveryThirdLost());
        method.seat(gateway, client);
        client.initiate(1, settings.profile(), gateway);
        world.advance(Duration.ofSeconds(60));

        assertTunnel(client, gateway);
        assertThat(method.toServer).as("no step was taken twice").hasSize(3);
        assertThat(method.toPeer).hasSize(3);
    }

    private static final class EveryThirdLost implements Fate {
        private int count;

        @Override
        public List<Long> of(Datagram datagram) {
            count++;
            return count % 3 == 0 ? Fate.lost() : Fate.twice();
        }
    }

    @Test
    void aServerThatNeverAnswersCostsNothingForLong() {
        Node gateway = gateway();
        Node client = client();
        gateway.seatEapServer(_ -> null);
        client.initiate(1, settings.profile(), gateway);
        world.advance(Duration.ofSeconds(200));

        assertThat(gateway.endpoint().size()).isZero();
        assertThat(gateway.count(Counter.EXPIRED_HALF_OPEN)).isEqualTo(1);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_UNRESPONSIVE);
    }

    @Test
    void aPeerThatNeverAnswersEndsTheAttempt() {
        Node gateway = gateway();
        Node client = client();
        method.seat(gateway, client);
        client.seatEapPeer(_ -> null);
        client.initiate(1, settings.profile(), gateway);
        world.advance(Duration.ofSeconds(200));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.TIMED_OUT);
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void aTicketIsAskedForFirstAndComesLastWithIdentityAndMethod() {
        method.aaaAttributes = List.of(Octets.ofHex("1905636c61"));
        method.hardDeadline = World.EPOCH + 7200;
        Node gateway = gateway();
        Node other = world.add(otherSettings);
        Node client = client();
        connect(client, gateway);
        int asked = method.toServer.size();
        assertThat(client.lastTicket().session().authenticationMethod())
                .isEqualTo(Payload.Authentication.EAP);

        client.resume(2, settings.profile(), other, client.lastTicket());
        world.settle();

        assertTunnel(client, other);
        assertThat(other.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(other.lastEstablished().peer()).isEqualTo(Identity.email("alice@example.org"));
        assertThat(method.toServer).as("EAP is not run again").hasSize(asked);
    }

    @Test
    void anRfc5723ResumeKeepsIdentityAndMethod() {
        settings.resumption = Suites.RFC_5723;
        Node gateway = gateway();
        Node other = world.add(otherSettings);
        Node client = client();
        connect(client, gateway);
        int asked = method.toServer.size();

        client.resume(2, settings.profile(), other, client.lastTicket());
        world.settle();

        assertTunnel(client, other);
        assertThat(other.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
        assertThat(other.lastEstablished().peer()).isEqualTo(Identity.email("alice@example.org"));
        assertThat(client.lastTicket().session().authenticationMethod())
                .isEqualTo(Payload.Authentication.EAP);
        assertThat(method.toServer).hasSize(asked);
    }

    @Test
    void aGatewayWithoutEapAnyMoreRefusesSuchATicket() {
        otherSettings.eap = null;
        Node gateway = gateway();
        Node other = world.add(otherSettings);
        Node client = client();
        connect(client, gateway);

        client.resume(2, settings.profile(), other, client.lastTicket());
        world.settle();

        assertThat(other.count(Counter.REFUSED_TICKET_POLICY)).isEqualTo(1);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
    }

    /// T-EAP-7: at the gateway, before the peer has said anything.
    @Test
    void aServerThatSucceedsBeforeThePeerSpokeIsRefused() {
        method.instead = method.succeeded(EapPacket.success(1).encode(), (byte) 7);
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertThat(gateway.count(Counter.REFUSED_EAP)).isEqualTo(1);
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    /// T-EAP-7: at the client, whatever its method would say.
    @Test
    void aGatewayThatSaysSuccessAtOnceIsRefused() {
        method.instead = new Answer.EapContinues(EapPacket.success(1).encode());
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertThat(method.toPeer).isEmpty();
        assertThat(client.lastClosed().detail()).contains("before any EAP method");
    }

    @Test
    void aPeerThatClaimsAKeyWithoutSuccessEndsTheAttempt() {
        Node gateway = gateway();
        Node client = client();
        method.seat(gateway, client);
        client.seatEapPeer(ask -> method.succeeded(ask.packet(), (byte) 7));
        client.initiate(1, settings.profile(), gateway);
        world.settle();

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
        assertThat(gateway.events(Event.IkeSaEstablished.class)).isEmpty();
    }

    @Test
    void aMethodWithoutAKeyIsRefusedWherePolicyAsksForOne() {
        method.makesKey = false;
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertThat(gateway.count(Counter.REFUSED_EAP)).isEqualTo(1);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void withoutAKeyAuthIsMadeWithSkPWherePolicyLetsIt() {
        method.makesKey = false;
        EapPolicy lax = new EapPolicy(GATEWAY_BY_KEY.gatewayKey(), false, false);
        gatewaySettings.eap = lax;
        settings.eap = lax;
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertTunnel(client, gateway);
    }

    @Test
    void aConversationHasAnEnd() {
        method.requests = 1_000_000;
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);

        assertThat(method.toServer).hasSizeLessThanOrEqualTo(101);
        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void theSessionEndsAtTheDeadlineThatEapSet() {
        method.hardDeadline = World.EPOCH + 600;
        Node gateway = gateway();
        Node client = client();

        connect(client, gateway);
        world.advance(Duration.ofSeconds(601));

        assertThat(gateway.lastClosed().reason()).isEqualTo(CloseReason.HARD_DEADLINE);
    }
}
