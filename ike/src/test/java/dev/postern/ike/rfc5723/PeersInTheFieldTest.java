package dev.postern.ike.rfc5723;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.OpaqueResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// RFC 5723 as peers in the field speak it, line by line of what the failover profile says of them.
/// The peer is played from public facts about libreswan 5.4: Debian's 4.10 has no resumption.
class PeersInTheFieldTest {
    private final World world = new World(7);
    private final GatewaySettings settings = new GatewaySettings('a');
    private final ClientSettings client = new ClientSettings();

    PeersInTheFieldTest() {
        client.resumption = Suites.RFC_5723;
    }

    private static ResumptionPolicy speaking(Rfc5723Auth form) {
        return new ResumptionPolicy(
                false, true, Suites.LIFETIME_SECONDS, KeyExchangeInResume.NEVER, form);
    }

    private Node connect(Node gateway) {
        Node node = world.add(client);
        node.initiate(1, client.profile(), gateway);
        world.settle();
        assertThat(node.lastTicket().session().kind()).isEqualTo(Session.Kind.RFC_5723);
        return node;
    }

    private static Session opened(ResumableSession ticket) {
        TicketSealer sealer = World.sealer(1);
        if (sealer.open(ticket.ticket(), Session.Kind.RFC_5723) instanceof OpenedTicket ours) {
            return ours.session();
        }
        throw new AssertionError("the ticket does not open");
    }

    // ---- a gateway, towards such a client ----

    /// Interop: RFC 5723 resume of exactly Ni and N(TICKET_OPAQUE) | vectors | peer initiates
    @Test
    void aRequestOfNonceAndTicketAloneIsAnsweredWithANonceAlone() {
        Node gateway = world.add(settings);
        ResumableSession ticket = connect(gateway).lastTicket();
        OpaqueResumeByHand peer = new OpaqueResumeByHand(world, gateway, ticket, 1);
        List<Payload> answer = peer.sendFirst().getFirst().message().payloads();
        assertThat(answer).hasSize(1);
        assertThat(answer.getFirst()).isInstanceOf(Payload.Nonce.class);
    }

    /// Interop: RFC 5723 resume with AUTH over the own message alone | vectors | peer initiates
    @Test
    void theShortFormOfAuthIsTakenAnsweredInKindAndCounted() {
        Node gateway = world.add(settings);
        ResumableSession ticket = connect(gateway).lastTicket();
        OpaqueResumeByHand peer = new OpaqueResumeByHand(world, gateway, ticket, 1).begin();
        Payload.Authentication auth =
                Message.find(peer.auth(peer.authPayloads(true)), Payload.Authentication.class);
        assertThat(auth).isNotNull();
        if (auth != null) {
            assertThat(auth.data()).isEqualTo(peer.expectedAnswer(true));
        }
        assertThat(gateway.count(Counter.RFC_5723_AUTH_SHORT_FORM)).isEqualTo(1);
        assertThat(gateway.count(Counter.RFC_5723_AUTH_RFC_FORM)).isZero();
        assertThat(gateway.events(Event.ResumeAuthenticated.class))
                .containsExactly(
                        new Event.ResumeAuthenticated(
                                gateway.lastEstablished().handle(),
                                Identity.fqdn("c07.example"),
                                Event.ResumedAuthForm.SHORT));
    }

    @Test
    void theFormThatWasUsedIsToldAndCountedAtBothEnds() {
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        assertThat(gateway.events(Event.ResumeAuthenticated.class))
                .as("a full exchange has one form")
                .isEmpty();
        node.resume(2, client.profile(), gateway, node.lastTicket());
        world.settle();

        assertThat(gateway.count(Counter.RFC_5723_AUTH_RFC_FORM)).isEqualTo(1);
        assertThat(gateway.count(Counter.RFC_5723_AUTH_SHORT_FORM)).isZero();
        assertThat(gateway.events(Event.ResumeAuthenticated.class))
                .extracting(Event.ResumeAuthenticated::peer, Event.ResumeAuthenticated::form)
                .containsExactly(tuple(Identity.fqdn("c07.example"), Event.ResumedAuthForm.RFC));
        assertThat(node.count(Counter.RFC_5723_AUTH_RFC_FORM)).isEqualTo(1);
        assertThat(node.events(Event.ResumeAuthenticated.class))
                .containsExactly(
                        new Event.ResumeAuthenticated(
                                2, settings.identity(), Event.ResumedAuthForm.RFC));
    }

    @Test
    void anAuthThatVerifiesInNoFormIsNeitherToldNorCounted() {
        settings.resumption = speaking(Rfc5723Auth.RFC);
        Node gateway = world.add(settings);
        OpaqueResumeByHand peer =
                new OpaqueResumeByHand(world, gateway, connect(gateway).lastTicket(), 1).begin();
        peer.auth(peer.authPayloads(true));
        assertThat(gateway.events(Event.ResumeAuthenticated.class)).isEmpty();
        assertThat(gateway.count(Counter.RFC_5723_AUTH_SHORT_FORM)).isZero();
    }

    @Test
    void aClientThatCannotAnswerACookieIsNotServedUnderLoadAndMayRunAFullExchange() {
        settings.limits =
                new Limits(
                        0,
                        10,
                        Limits.DEFAULT.halfOpenLifetimeNanos(),
                        10,
                        4,
                        Limits.DEFAULT.provisionalLifetimeNanos());
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        OpaqueResumeByHand peer = new OpaqueResumeByHand(world, gateway, node.lastTicket(), 1);
        List<Payload> answer = peer.sendFirst().getFirst().message().payloads();
        assertThat(onlyNotify(answer)).isEqualTo(NotifyType.COOKIE.code());
        node.initiate(2, client.profile(), gateway);
        world.settle();
        assertTunnel(node, gateway);
    }

    @Test
    void aTicketOutlivesTheRekeyingOfItsIkeSa() {
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        ResumableSession ticket = node.lastTicket();
        gateway.give(new Input.RekeyIkeSa(gateway.lastEstablished().handle()));
        world.settle();
        assertThat(gateway.events(Event.IkeSaRekeyed.class)).hasSize(1);

        OpaqueResumeByHand peer = new OpaqueResumeByHand(world, gateway, ticket, 1).begin();
        assertThat(Message.find(peer.auth(peer.authPayloads(true)), Payload.Authentication.class))
                .isNotNull();
        assertThat(gateway.count(Counter.ESTABLISHED_RESUMED_RFC_5723)).isEqualTo(1);
    }

    @Test
    void aTicketOutlivesTheDeleteOfItsIkeSa() {
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        ResumableSession ticket = node.lastTicket();
        node.give(new Input.Close(1, false));
        world.settle();
        assertThat(gateway.endpoint().size()).isZero();

        OpaqueResumeByHand peer = new OpaqueResumeByHand(world, gateway, ticket, 1).begin();
        assertThat(Message.find(peer.auth(peer.authPayloads(true)), Payload.Authentication.class))
                .isNotNull();
    }

    @Test
    void aReferenceOutlivesTheRekeyingAndItsRecordEndsWithTheDelete() {
        settings.resumption = Suites.RFC_5723.storing(TicketStorage.BY_REFERENCE);
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        ResumableSession ticket = node.lastTicket();
        node.give(new Input.RekeyIkeSa(1));
        world.settle();
        assertThat(gateway.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertThat(settings.store.records().size()).isEqualTo(1);
        assertThat(new OpaqueResumeByHand(world, gateway, ticket, 1).begin()).isNotNull();

        node.give(new Input.Close(1, false));
        world.settle();
        assertThat(settings.store.records().size())
                .as("RFC 5723 section 9.8: deleted from the ticket store")
                .isZero();
    }

    @Test
    void aResumeBeginsANewGenerationOfTheSessionAtBothEnds() {
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        ResumableSession first = node.lastTicket();
        assertThat(opened(first).generation()).isZero();
        node.resume(2, client.profile(), gateway, first);
        world.settle();
        ResumableSession second = node.lastTicket();
        assertThat(opened(second).generation()).isEqualTo(1);
        assertThat(second.session().generation()).isEqualTo(1);
        node.resume(3, client.profile(), gateway, second);
        world.settle();
        assertThat(opened(node.lastTicket()).generation()).isEqualTo(2);
        assertTunnel(node, gateway);
    }

    // ---- a client, towards such a gateway ----

    /// Interop: RFC 5723 resume with AUTH over the own message alone | Postern | Postern initiates
    @Test
    void aClientThatIsToldSoSpeaksTheShortForm() {
        settings.resumption = speaking(Rfc5723Auth.LIBRESWAN);
        client.resumption = speaking(Rfc5723Auth.LIBRESWAN);
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        node.resume(2, client.profile(), gateway, node.lastTicket());
        world.settle();
        assertThat(node.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
        assertThat(gateway.count(Counter.RFC_5723_AUTH_SHORT_FORM)).isEqualTo(1);
        assertThat(node.events(Event.ResumeAuthenticated.class).getLast().form())
                .isEqualTo(Event.ResumedAuthForm.SHORT);
    }

    @Test
    void aClientOfTheRfcsFormIsNotServedByAGatewayOfTheShortOne() {
        settings.resumption = speaking(Rfc5723Auth.LIBRESWAN);
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        node.resume(2, client.profile(), gateway, node.lastTicket());
        world.settle();
        assertThat(node.lastClosed().reason()).isEqualTo(Event.CloseReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aFullExchangeNeverUsesTheShortForm() {
        settings.resumption = speaking(Rfc5723Auth.LIBRESWAN);
        client.resumption = speaking(Rfc5723Auth.LIBRESWAN);
        assertTunnel(connect(world.add(settings)), world.nodes().iterator().next());
    }

    @Test
    void aClientAsksForAnotherTicketAfterARekeyingAndKeepsTheOldUntilItHasOne() {
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        int before = node.events(Event.TicketReceived.class).size();
        gateway.give(new Input.RekeyIkeSa(gateway.lastEstablished().handle()));
        world.settle();

        assertThat(node.events(Event.TicketReceived.class)).hasSize(before + 1);
        ResumableSession renewed = node.lastTicket();
        assertThat(renewed.session().generation()).isEqualTo(1);
        node.resume(2, client.profile(), gateway, renewed);
        world.settle();
        assertTunnel(node, gateway);
    }

    @Test
    void aGatewayThatGivesNoSecondTicketLeavesTheFirstInUse() {
        settings.resumption = Suites.RFC_5723.storing(TicketStorage.BY_REFERENCE);
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        ResumableSession first = node.lastTicket();
        node.give(new Input.RekeyIkeSa(1));
        world.settle();
        assertThat(node.events(Event.IkeSaRekeyed.class)).hasSize(1);
        assertThat(node.events(Event.TicketReceived.class)).as("TICKET_NACK").hasSize(1);

        node.resume(2, client.profile(), gateway, first);
        world.settle();
        assertTunnel(node, gateway);
    }

    @Test
    void aTicketIsAskedForInIkeAuthAndNowhereBefore() {
        connect(world.add(settings));
        List<Payload> init = new ArrayList<>(world.carried().getFirst().message().payloads());
        assertThat(Message.findNotify(init, NotifyType.TICKET_REQUEST)).isNull();
        assertThat(world.carried().get(2).header().exchange()).isEqualTo(ExchangeType.IKE_AUTH);
    }

    @Test
    void aTicketOfOddOctetsIsCarriedAsItIs() {
        Node gateway = world.add(settings);
        Node node = connect(gateway);
        ResumableSession real = node.lastTicket();
        ResumableSession odd =
                new ResumableSession(real.session(), Octets.of(new byte[3]), real.validUntil());
        int before = world.carried().size();
        node.resume(2, client.profile(), gateway, odd);
        world.settle();
        Payload.Notify opaque =
                Message.findNotify(
                        world.carried().get(before).message().payloads(), NotifyType.TICKET_OPAQUE);
        assertThat(opaque).isEqualTo(Payload.Notify.of(NotifyType.TICKET_OPAQUE, odd.ticket()));
    }
}
