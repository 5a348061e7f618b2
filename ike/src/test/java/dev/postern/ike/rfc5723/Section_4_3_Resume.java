package dev.postern.ike.rfc5723;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.ClientSettings;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.OpaqueResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// IKE_SESSION_RESUME (exchange 38) and the IKE_AUTH after it.
class Section_4_3_Resume {
    private final World world = new World(1);
    private final GatewaySettings aSettings = new GatewaySettings('a');
    private final GatewaySettings bSettings = new GatewaySettings('b');
    private final ClientSettings settings = new ClientSettings();

    Section_4_3_Resume() {
        settings.resumption = Suites.RFC_5723;
    }

    private ResumableSession connect(Node client, Node gateway) {
        client.initiate(1, settings.profile(), gateway);
        world.settle();
        ResumableSession ticket = client.lastTicket();
        assertThat(ticket.session().kind()).isEqualTo(Session.Kind.RFC_5723);
        return ticket;
    }

    private static ResumptionPolicy forms(Rfc5723Auth auth) {
        return new ResumptionPolicy(
                true, true, Suites.LIFETIME_SECONDS, KeyExchangeInResume.NEVER, auth);
    }

    @Test
    void fourMessagesResumeTheSessionAtTheSameGatewayAndTheOldIkeSaEndsInSilence() {
        Node a = world.add(aSettings);
        Node client = world.add(settings);
        ResumableSession ticket = connect(client, a);
        int before = world.carried().size();

        client.resume(2, settings.profile(), a, ticket);
        world.settle();

        assertTunnel(client, a);
        assertThat(client.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
        assertThat(a.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
        assertThat(world.carried().size() - before).as("no Delete among them").isEqualTo(4);
        assertThat(a.lastClosed().reason()).isEqualTo(CloseReason.SUPERSEDED);
        assertThat(a.installed()).hasSize(1);
        assertThat(a.endpoint().size()).isEqualTo(1);
    }

    /// Nobody takes another's place by coming first under its SPIi (RFC 7296 section 2.1).
    @Test
    void aStrangerUnderTheSameSpiDoesNotStandInTheWay() {
        Node a = world.add(aSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        OpaqueResumeByHand stranger = new OpaqueResumeByHand(world, a, ticket, 1).begin();
        OpaqueResumeByHand peer = new OpaqueResumeByHand(world, a, ticket, 2);
        peer.spiI = stranger.spiI;

        peer.begin();

        assertThat(peer.sendFirst()).as("the answer again").hasSize(1);
        assertThat(a.endpoint().halfOpen()).isEqualTo(2);
    }

    @Test
    void aGatewayWithTheSameKeysResumesItToo() {
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        Node client = world.add(settings);
        ResumableSession ticket = connect(client, a);

        client.resume(2, settings.profile(), b, ticket);
        world.settle();

        assertTunnel(client, b);
        assertThat(client.lastEstablished().peer())
                .as("IDr is the ticket's, RFC 5723 section 4.3.3")
                .isEqualTo(Identity.fqdn("gw-a.example"));
    }

    @Test
    void theFirstExchangeHasTheFormOfTheRfc() {
        Node a = world.add(aSettings);
        Node client = world.add(settings);
        ResumableSession ticket = connect(client, a);
        int before = world.carried().size();
        client.resume(2, settings.profile(), a, ticket);
        world.settle();
        Message request = world.carried().get(before).message();
        Message response = world.carried().get(before + 1).message();

        assertThat(request.header().exchange().code()).isEqualTo(38);
        assertThat(request.header().messageId()).isZero();
        assertThat(request.payloads().getFirst()).isInstanceOf(Payload.Nonce.class);
        assertThat(request.payloads().get(1))
                .isEqualTo(Payload.Notify.of(NotifyType.TICKET_OPAQUE, ticket.ticket()));
        assertThat(request.encrypted()).isNull();
        assertThat(response.payloads().getFirst()).isInstanceOf(Payload.Nonce.class);
        assertThat(response.header().spiR()).isNotZero();
        assertThat(world.carried().get(before + 2).header().messageId()).isEqualTo(1);
    }

    @Test
    void theInnerAddressIsAskedForAgainAndKept() {
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        Node client = world.add(settings);
        ResumableSession ticket = connect(client, a);
        client.resume(2, settings.profile(), b, ticket);
        world.settle();
        assertThat(client.lastEstablished().innerAddresses()).containsExactly(Net.ip(10, 77, 0, 2));
    }

    /// Section 4.3.2: from any address and port.
    @Test
    void aClientResumesFromWhereverItIs() {
        Node a = world.add(aSettings);
        Node client = world.add(settings);
        ResumableSession ticket = connect(client, a);
        world.moveTo(client, new InetSocketAddress(Net.ip(198, 51, 100, 99), 40_500));

        client.resume(2, settings.profile(), a, ticket);
        world.settle();

        assertTunnel(client, a);
        assertThat(a.lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
        assertThat(a.lastEstablished().path().remote())
                .isEqualTo(new InetSocketAddress(Net.ip(198, 51, 100, 99), 40_500));
    }

    @Test
    void aResumedSessionGetsANewTicket() {
        Node a = world.add(aSettings);
        Node client = world.add(settings);
        ResumableSession first = connect(client, a);
        client.resume(2, settings.profile(), a, first);
        world.settle();
        ResumableSession second = client.lastTicket();
        assertThat(second.ticket()).isNotEqualTo(first.ticket());
        assertThat(second.session().secret().equals(first.session().secret()))
                .as("the new SK_d is another one")
                .isFalse();

        client.resume(3, settings.profile(), a, second);
        world.settle();
        assertTunnel(client, a);
    }

    @Test
    void everyMessageLostOnceIsRepaired() {
        for (int lost = 0; lost < 4; lost++) {
            World lossy = new World(40 + lost);
            ClientSettings clientSettings = new ClientSettings();
            clientSettings.resumption = Suites.RFC_5723;
            Node gateway = lossy.add(new GatewaySettings('a'));
            Node client = lossy.add(clientSettings);
            client.initiate(1, clientSettings.profile(), gateway);
            lossy.settle();
            int last = lossy.carried().size() + lost + 1;
            lossy.setFate(_ -> lossy.carried().size() == last ? Fate.lost() : Fate.delivered());
            client.resume(2, clientSettings.profile(), gateway, client.lastTicket());
            lossy.advance(Duration.ofSeconds(3));
            assertTunnel(client, gateway);
            assertThat(client.events(Event.IkeSaEstablished.class)).hasSize(2);
        }
    }

    // ---- what is refused ----

    private void assertNack(Node gateway, OpaqueResumeByHand request, Counter counter) {
        List<Datagram> back = request.sendFirst();
        assertThat(back).hasSize(1);
        Message answer = back.getFirst().message();
        assertThat(answer.payloads()).containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(answer.header().spiR()).isZero();
        assertThat(gateway.count(counter)).isEqualTo(1);
        assertThat(gateway.endpoint().size()).isZero();
    }

    @Test
    void aTicketThatDoesNotOpenOrIsOfTheOtherKindGetsTicketNack() {
        settings.resumption = Suites.ONE_ROUND_TRIP;
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        Node client = world.add(settings);
        client.initiate(1, settings.profile(), a);
        world.settle();
        ResumableSession oneRoundTrip = client.lastTicket();

        assertNack(
                b,
                new OpaqueResumeByHand(world, b, oneRoundTrip, 1),
                Counter.REFUSED_TICKET_NOT_OPENED);
        OpaqueResumeByHand garbage = new OpaqueResumeByHand(world, b, oneRoundTrip, 2);
        garbage.ticket = Octets.of(new byte[200]);
        assertThat(garbage.sendFirst()).hasSize(1);
        assertThat(b.count(Counter.REFUSED_TICKET_NOT_OPENED)).isEqualTo(2);
    }

    @Test
    void anExpiredTicketGetsTicketNack() {
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        world.advance(Duration.ofSeconds(Suites.LIFETIME_SECONDS));
        assertNack(b, new OpaqueResumeByHand(world, b, ticket, 1), Counter.REFUSED_TICKET_EXPIRED);
    }

    @Test
    void aTicketAgainstThePolicyGetsTicketNack() {
        bSettings.profileName = "contractors";
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        assertNack(b, new OpaqueResumeByHand(world, b, ticket, 1), Counter.REFUSED_TICKET_POLICY);
    }

    @Test
    void aGatewayThatDoesNotSpeakItRefuses() {
        bSettings.resumption = Suites.ONE_ROUND_TRIP;
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        assertNack(b, new OpaqueResumeByHand(world, b, ticket, 1), Counter.REFUSED_TICKET_POLICY);
    }

    @Test
    void aRequestWithoutNonceOrTicketIsDropped() {
        Node a = world.add(aSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        OpaqueResumeByHand request = new OpaqueResumeByHand(world, a, ticket, 1);
        assertThat(request.send(request.first(List.of()))).isEmpty();
        assertThat(request.send(request.first(List.of(new Payload.Nonce(Octets.of(new byte[32]))))))
                .isEmpty();
        assertThat(a.count(Counter.REFUSED_INVALID_SYNTAX)).isEqualTo(2);
    }

    @Test
    void whoDoesNotHoldSkDCannotAuthenticate() {
        Node a = world.add(aSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        OpaqueResumeByHand thief = new OpaqueResumeByHand(world, a, ticket, 1);
        thief.secret = new byte[48];
        thief.begin();
        assertThat(thief.sendAuth(thief.authPayloads(false))).isEmpty();
        assertThat(a.count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
        assertThat(a.installed()).as("the true session is untouched").hasSize(1);
    }

    @Test
    void bothIdentitiesMustBeTheTickets() {
        Node a = world.add(aSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        OpaqueResumeByHand otherIdi = new OpaqueResumeByHand(world, a, ticket, 1).begin();
        otherIdi.identity = Identity.fqdn("c08.example");
        assertThat(onlyNotify(otherIdi.auth(otherIdi.authPayloads(false))))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
        OpaqueResumeByHand otherIdr = new OpaqueResumeByHand(world, a, ticket, 2).begin();
        List<Payload> payloads = new ArrayList<>(otherIdr.authPayloads(false));
        payloads.add(new Payload.IdResponder(Identity.fqdn("gw-b.example")));
        assertThat(onlyNotify(otherIdr.auth(payloads)))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    @Test
    void aCertificateIsRefused() {
        Node a = world.add(aSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        OpaqueResumeByHand peer = new OpaqueResumeByHand(world, a, ticket, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads(false));
        payloads.add(new Payload.Certificate(4, Octets.of(new byte[20])));
        assertThat(onlyNotify(peer.auth(payloads)))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    // ---- the two forms of AUTH ----

    @Test
    void bothFormsAreTakenByDefaultAndAnsweredInKind() {
        Node a = world.add(aSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        for (boolean shortForm : new boolean[] {false, true}) {
            OpaqueResumeByHand peer =
                    new OpaqueResumeByHand(world, a, ticket, shortForm ? 1 : 2).begin();
            List<Payload> answer = peer.auth(peer.authPayloads(shortForm));
            Payload.Authentication auth = Message.find(answer, Payload.Authentication.class);
            assertThat(auth).isNotNull();
            if (auth != null) {
                assertThat(auth.data()).isEqualTo(peer.expectedAnswer(shortForm));
            }
        }
        assertThat(a.count(Counter.RFC_5723_AUTH_SHORT_FORM)).isEqualTo(1);
    }

    @Test
    void theShortFormIsRefusedWherePolicySaysRfc() {
        aSettings.resumption = forms(Rfc5723Auth.RFC);
        Node a = world.add(aSettings);
        OpaqueResumeByHand peer =
                new OpaqueResumeByHand(world, a, connect(world.add(settings), a), 1).begin();
        assertThat(onlyNotify(peer.auth(peer.authPayloads(true))))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    @Test
    void theRfcsFormIsRefusedWherePolicySaysLibreswan() {
        aSettings.resumption = forms(Rfc5723Auth.LIBRESWAN);
        Node a = world.add(aSettings);
        OpaqueResumeByHand peer =
                new OpaqueResumeByHand(world, a, connect(world.add(settings), a), 1).begin();
        assertThat(onlyNotify(peer.auth(peer.authPayloads(false))))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    @Test
    void theShortFormIsWorthNothingInAFullExchange() {
        Node a = world.add(aSettings);
        dev.postern.ike.world.InitiatorByHand peer =
                new dev.postern.ike.world.InitiatorByHand(world, a, 1).begin();
        List<Payload> payloads = new ArrayList<>(peer.authPayloads());
        payloads.replaceAll(p -> p instanceof Payload.Authentication ? peer.shortFormAuth() : p);
        assertThat(onlyNotify(peer.request(ExchangeType.IKE_AUTH, 1, payloads)))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
    }

    // ---- the client, when it goes wrong ----

    @Test
    void anUnprotectedTicketNackIsAHintAndThenTheEnd() {
        Node a = world.add(aSettings);
        Node client = world.add(settings);
        ResumableSession ticket = connect(client, a);
        a.die();
        client.resume(2, settings.profile(), a, ticket);
        Header request = world.carried().getLast().header();
        byte[] nack =
                MessageCodec.encode(
                        request.toResponse(), List.of(Payload.Notify.of(NotifyType.TICKET_NACK)));
        world.deliver(new Datagram(a.address(), client.address(), nack));
        assertThat(client.events(Event.IkeSaClosed.class)).isEmpty();

        world.advance(Duration.ofMillis(181));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
    }

    @Test
    void aResponderThatDropsExchange38InSilenceCostsAShortBudget() {
        Node a = world.add(aSettings);
        Node client = world.add(settings);
        ResumableSession ticket = connect(client, a);
        a.die();
        client.resume(2, settings.profile(), a, ticket);

        world.advance(Duration.ofMillis(1_470));

        assertThat(client.lastClosed().reason()).isEqualTo(CloseReason.PEER_UNRESPONSIVE);
    }

    @Test
    void aCookieComesBackWithTheSameRequest() {
        bSettings.limits =
                new dev.postern.ike.EndpointConfiguration.Limits(
                        0, 100, 30_000_000_000L, 100, 4, 30_000_000_000L);
        Node a = world.add(aSettings);
        Node b = world.add(bSettings);
        Node client = world.add(settings);
        ResumableSession ticket = connect(client, a);

        client.resume(2, settings.profile(), b, ticket);
        world.settle();

        assertTunnel(client, b);
        assertThat(b.count(Counter.COOKIE_SENT)).isEqualTo(1);
    }

    @Test
    void theNewKeysComeFromTheOldSkDAsTheRfcSays() {
        Node a = world.add(aSettings);
        ResumableSession ticket = connect(world.add(settings), a);
        OpaqueResumeByHand peer = new OpaqueResumeByHand(world, a, ticket, 1).begin();
        // By hand: SKEYSEED = prf(SK_d (old), "Resumption" | Ni | Nr); that the answer opens is
        // the claim.
        assertThat(Message.find(peer.auth(peer.authPayloads(false)), Payload.IdResponder.class))
                .isEqualTo(new Payload.IdResponder(Identity.fqdn("gw-a.example")));
    }
}
