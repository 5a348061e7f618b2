package dev.postern.ike.rfc5723;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.EapPolicy;
import dev.postern.ike.Event;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.EapByHand;
import dev.postern.ike.world.GatewayByHand;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.OpaqueResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Session;
import dev.postern.wire.Header;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// The table of section 5: what a resumed IKE SA takes from the ticket, and what from the new
/// exchange. Keys are [Section_4_3_Resume]'s, inner addresses too.
class Section_5_StateAfterResumption {
    private final World world = new World(5);
    private final GatewaySettings settings = new GatewaySettings('a');
    private final ClientSettings client = new ClientSettings();
    private final Node gateway;
    private final Node node;
    private final ResumableSession ticket;

    Section_5_StateAfterResumption() {
        settings.resumption = Suites.RFC_5723;
        client.resumption = Suites.RFC_5723;
        gateway = world.add(settings);
        node = world.add(client);
        node.initiate(1, client.profile(), gateway);
        world.settle();
        ticket = node.lastTicket();
    }

    private static Session opened(Octets ticket) {
        if (World.sealer(1).open(ticket, Session.Kind.RFC_5723) instanceof OpenedTicket ours) {
            return ours.session();
        }
        throw new AssertionError("the ticket does not open");
    }

    private void resume() {
        node.resume(2, client.profile(), gateway, ticket);
        world.settle();
        assertThat(node.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
    }

    private int peers;

    private List<Payload> resumedByHand(NotifyType... said) {
        peers++;
        OpaqueResumeByHand peer = new OpaqueResumeByHand(world, gateway, ticket, peers).begin();
        List<Payload> auth = new ArrayList<>(peer.authPayloads(false));
        for (NotifyType one : said) {
            auth.add(Payload.Notify.of(one));
        }
        return peer.auth(auth);
    }

    // ---- from the ticket ----

    @Test
    void identitiesAlgorithmsAndTheAuthenticationMethodAreTheTickets() {
        Session before = opened(ticket.ticket());
        resume();
        Session after = opened(node.lastTicket().ticket());
        assertThat(after.initiator()).isEqualTo(before.initiator());
        assertThat(after.responder()).isEqualTo(before.responder());
        assertThat(after.authenticatedIdentity()).isEqualTo(before.authenticatedIdentity());
        assertThat(after.ikeProposal()).isEqualTo(before.ikeProposal());
        assertThat(after.authenticationMethod()).isEqualTo(before.authenticationMethod());
        assertThat(after.authenticatedAt())
                .as("a resume authenticates nobody anew")
                .isEqualTo(before.authenticatedAt());
    }

    /// Note 1: "If these identities are indeed different, then the authenticated client identity
    /// MUST be included in the ticket."
    @Test
    void theIdentityThatEapVerifiedIsTheTicketsAndNotIdi() {
        GatewaySettings other = new GatewaySettings('a');
        ClientSettings alice = new ClientSettings();
        other.resumption = Suites.RFC_5723;
        alice.resumption = Suites.RFC_5723;
        other.eap = new EapPolicy(GatewaySettings.key("what proves us"), false, true);
        alice.eap = other.eap;
        World world = new World(7);
        Node gateway = world.add(other);
        Node node = world.add(alice);
        EapByHand method = new EapByHand().seat(gateway, node);
        node.initiate(1, alice.profile(), gateway);
        world.settle();
        for (long handle = 2; handle <= 3; handle++) {
            node.resume(handle, alice.profile(), gateway, node.lastTicket());
            world.settle();
            assertThat(node.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
            Session after = opened(node.lastTicket().ticket());
            assertThat(after.initiator()).isEqualTo(alice.identity);
            assertThat(after.authenticatedIdentity()).isEqualTo(method.identity);
            assertThat(gateway.lastEstablished().peer()).isEqualTo(method.identity);
        }
    }

    // ---- from the new exchange ----

    @Test
    void spisAreNew() {
        Header first = world.carried().getLast().header();
        resume();
        Header last = world.carried().getLast().header();
        assertThat(last.spiI()).isNotEqualTo(first.spiI()).isNotZero();
        assertThat(last.spiR()).isNotEqualTo(first.spiR()).isNotZero();
    }

    @Test
    void messageIdsBeginWithZeroAndCountOn() {
        int before = world.carried().size();
        resume();
        assertThat(world.carried().subList(before, before + 4))
                .extracting(one -> one.header().messageId())
                .containsExactly(0, 0, 1, 1);
    }

    @Test
    void mobikeIsFromTheNewExchange() {
        assertThat(opened(ticket.ticket()).has(Session.Extension.MOBIKE)).isTrue();
        assertThat(Message.findNotify(resumedByHand(), NotifyType.MOBIKE_SUPPORTED)).isNull();
        assertThat(
                        Message.findNotify(
                                resumedByHand(NotifyType.MOBIKE_SUPPORTED),
                                NotifyType.MOBIKE_SUPPORTED))
                .isNotNull();
    }

    @Test
    void aClientThatHasNotSaidMobikeAgainHasATicketWithoutIt() {
        Payload.Notify next =
                Message.findNotify(
                        resumedByHand(NotifyType.TICKET_REQUEST), NotifyType.TICKET_LT_OPAQUE);
        assertThat(next).isNotNull();
        if (next != null) {
            Session session = opened(next.data().slice(4, next.data().length()));
            assertThat(session.has(Session.Extension.MOBIKE)).isFalse();
            assertThat(session.has(Session.Extension.FRAGMENTATION)).isFalse();
            assertThat(session.has(Session.Extension.REDIRECT)).isFalse();
            assertThat(session.has(Session.Extension.FAILOVER_VENDOR_ID)).isFalse();
        }
    }

    @Test
    void natIsDetectedAnew() {
        int before = world.carried().size();
        resume();
        for (int message = before; message < before + 2; message++) {
            List<Payload> payloads = world.carried().get(message).message().payloads();
            assertThat(Message.findNotify(payloads, NotifyType.NAT_DETECTION_SOURCE_IP))
                    .isNotNull();
            assertThat(Message.findNotify(payloads, NotifyType.NAT_DETECTION_DESTINATION_IP))
                    .isNotNull();
        }
    }

    // ---- section 4.2 ----

    @Test
    void aTicketOfAGatewayThatDoesNotProveItselfIsNotKept() {
        World other = new World(6);
        Node alone = other.add(client);
        Node seat = other.add(settings);
        GatewayByHand impostor = new GatewayByHand(other, alone, seat);
        impostor.preSharedKey = GatewaySettings.key("somebody else's");
        alone.initiate(1, client.profile(), seat);
        impostor.begin();
        List<Payload> answer = new ArrayList<>(impostor.authPayloads());
        answer.add(
                Payload.Notify.of(
                        NotifyType.TICKET_LT_OPAQUE, Octets.of(new byte[] {0, 0, 1, 0, 9})));
        impostor.answerAuth(answer);
        assertThat(alone.lastClosed().reason()).isEqualTo(Event.CloseReason.AUTHENTICATION_FAILED);
        assertThat(alone.events(Event.TicketReceived.class)).isEmpty();
    }
}
