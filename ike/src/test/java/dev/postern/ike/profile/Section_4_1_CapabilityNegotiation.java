package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.find;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.ResumptionPolicy.KeyExchangeInResume;
import dev.postern.ike.ResumptionPolicy.Rfc5723Auth;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ticket.Session;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// Who gets a ticket, and which one.
class Section_4_1_CapabilityNegotiation {
    private static final Payload.VendorId VENDOR =
            new Payload.VendorId(Octets.ofAscii("postern-failover-1"));
    private static final Payload SUPPORTED =
            Payload.Notify.of(
                    NotifyType.SESSION_RESUMPTION_SUPPORTED, Octets.of(new byte[] {(byte) 0x80}));

    private final Resumption r = new Resumption(31);

    private List<Payload> answerTo(boolean vendor, Payload... asked) {
        InitiatorByHand peer = new InitiatorByHand(r.world, r.a(), 1);
        List<Payload> init = new ArrayList<>(peer.initPayloads());
        if (vendor) {
            init.add(VENDOR);
        }
        peer.begin(init);
        List<Payload> auth = new ArrayList<>(peer.authPayloads());
        auth.addAll(List.of(asked));
        return peer.request(ExchangeType.IKE_AUTH, 1, auth);
    }

    private static boolean has(List<Payload> payloads, NotifyType type) {
        return Message.findNotify(payloads, type) != null;
    }

    @Test
    void aPeerThatAsksGetsATicketAndTheConfirmation() {
        List<Payload> answer = answerTo(true, SUPPORTED);
        Payload.Notify supported =
                Message.findNotify(answer, NotifyType.SESSION_RESUMPTION_SUPPORTED);
        Payload.Notify ticket = Message.findNotify(answer, NotifyType.IKEV2_TICKET);
        assertThat(supported).isNotNull();
        assertThat(ticket).isNotNull();
        if (supported != null && ticket != null) {
            assertThat(supported.data()).isEqualTo(Octets.ofHex("80"));
            assertThat(ticket.data().toInt()).isEqualTo(3600);
        }
        assertThat(r.a().events(Event.TicketIssued.class)).hasSize(1);
    }

    @Test
    void aPeerThatDoesNotAskGetsNone() {
        List<Payload> answer = answerTo(true);
        assertThat(has(answer, NotifyType.IKEV2_TICKET)).isFalse();
        assertThat(has(answer, NotifyType.SESSION_RESUMPTION_SUPPORTED)).isFalse();
        assertThat(r.a().events(Event.TicketIssued.class)).isEmpty();
    }

    @Test
    void withoutTheVendorIdThePrivateNumbersMeanNothing() {
        List<Payload> answer = answerTo(false, SUPPORTED);
        assertThat(has(answer, NotifyType.IKEV2_TICKET)).isFalse();
        assertThat(has(answer, NotifyType.SESSION_RESUMPTION_SUPPORTED)).isFalse();
    }

    @Test
    void unknownFlagBitsAreSkippedAndTheSBitDecides() {
        assertThat(
                        has(
                                answerTo(
                                        true,
                                        Payload.Notify.of(
                                                NotifyType.SESSION_RESUMPTION_SUPPORTED,
                                                Octets.ofHex("bf"))),
                                NotifyType.IKEV2_TICKET))
                .isTrue();
        Resumption other = new Resumption(32);
        InitiatorByHand peer = new InitiatorByHand(other.world, other.a(), 1);
        List<Payload> init = new ArrayList<>(peer.initPayloads());
        init.add(VENDOR);
        peer.begin(init);
        List<Payload> auth = new ArrayList<>(peer.authPayloads());
        auth.add(Payload.Notify.of(NotifyType.SESSION_RESUMPTION_SUPPORTED, Octets.ofHex("7f")));
        assertThat(has(peer.request(ExchangeType.IKE_AUTH, 1, auth), NotifyType.IKEV2_TICKET))
                .isFalse();
    }

    @Test
    void aGatewayWhosePolicyIsAgainstItIssuesNone() {
        r.aSettings.resumption = ResumptionPolicy.DISABLED;
        List<Payload> answer = answerTo(true, SUPPORTED);
        assertThat(has(answer, NotifyType.IKEV2_TICKET)).isFalse();
    }

    @Test
    void aGatewayWithoutTicketKeysIssuesNone() {
        r.aSettings.tickets = null;
        List<Payload> answer =
                answerTo(true, SUPPORTED, Payload.Notify.of(NotifyType.TICKET_REQUEST));
        assertThat(has(answer, NotifyType.IKEV2_TICKET)).isFalse();
        assertThat(has(answer, NotifyType.TICKET_NACK)).isTrue();
    }

    @Test
    void aPeerThatGetsTheOneRoundTripTicketGetsNoTicketWithSkD() {
        List<Payload> answer =
                answerTo(true, SUPPORTED, Payload.Notify.of(NotifyType.TICKET_REQUEST));
        assertThat(has(answer, NotifyType.IKEV2_TICKET)).isTrue();
        assertThat(has(answer, NotifyType.TICKET_LT_OPAQUE)).isFalse();
        assertThat(has(answer, NotifyType.TICKET_NACK)).isTrue();
    }

    @Test
    void aClientThatAsksForBothHoldsTheOneRoundTripTicket() {
        r.settings.resumption =
                new ResumptionPolicy(
                        true,
                        true,
                        Suites.LIFETIME_SECONDS,
                        KeyExchangeInResume.NEVER,
                        Rfc5723Auth.RFC);
        ResumableSession ticket = r.connect();
        assertThat(ticket.session().kind()).isEqualTo(Session.Kind.ONE_ROUND_TRIP);
        assertThat(r.client().events(Event.TicketReceived.class)).hasSize(1);
    }

    @Test
    void ticketsTravelOnlyUnderSk() {
        ResumableSession ticket = r.connect();
        for (Datagram datagram : r.world.carried()) {
            String hex = Octets.of(datagram.octets()).hex();
            assertThat(hex).doesNotContain(ticket.ticket().hex());
        }
    }

    @Test
    void theVendorIdIsSentByBothAndOnlyInTheFirstExchange() {
        r.connect();
        assertThat(r.world.carried().get(0).message().payloads()).contains(VENDOR);
        assertThat(r.world.carried().get(1).message().payloads()).contains(VENDOR);
    }

    @Test
    void aGatewayDoesNotSendTheVendorIdToAPeerThatDidNot() {
        InitiatorByHand peer = new InitiatorByHand(r.world, r.a(), 1).begin();
        assertThat(peer.initResponse().payloads()).doesNotContain(VENDOR);
        assertThat(find(peer.initResponse().payloads(), Payload.Nonce.class)).isNotNull();
    }

    @Test
    void aTicketRecordsWhoWasProvenHowAndWhere() {
        Session session = Sessions.opened(r.connect());
        assertThat(session.initiator()).isEqualTo(r.settings.identity);
        assertThat(session.authenticatedIdentity()).isEqualTo(r.settings.identity);
        assertThat(session.responder()).isEqualTo(Resumption.A);
        assertThat(session.authenticationMethod()).isEqualTo(2);
        assertThat(session.profile()).isEqualTo("roadwarriors");
        assertThat(session.domain()).isEqualTo("vpn.example");
        assertThat(session.gatewaySwitchCount()).isZero();
        assertThat(session.issuedAt()).isEqualTo(r.world.now().epochSeconds());
        assertThat(session.expiresAt()).isEqualTo(session.issuedAt() + 3600);
        assertThat(session.defaultChildSa()).isNotNull();
    }

    @Test
    void whatWasProvenIsInheritedOverResumes() {
        ResumableSession first = r.connect();
        Session before = Sessions.opened(first);
        r.world.advance(java.time.Duration.ofSeconds(100));
        r.resume(r.b(), first);
        Session after = Sessions.opened(r.client().lastTicket());
        assertThat(after.authenticatedAt()).isEqualTo(before.authenticatedAt());
        assertThat(after.authenticatedIdentity()).isEqualTo(before.authenticatedIdentity());
        assertThat(after.initiator()).isEqualTo(before.initiator());
        assertThat(after.responder()).isEqualTo(Resumption.B);
        assertThat(after.extensions()).isEqualTo(before.extensions());
        assertThat(after.hardDeadline()).isEqualTo(before.hardDeadline());
        assertThat(after.issuedAt()).isEqualTo(before.issuedAt() + 100);
    }

    @Test
    void theHardDeadlineEndsTheIkeSaAndBoundsTheTicket() {
        ResumableSession first = r.connect();
        long deadline = r.world.now().epochSeconds() + 60;
        Session bounded = Sessions.withDeadline(Sessions.opened(first), deadline);
        dev.postern.ike.world.ResumeByHand request = r.byHand(first, 1);
        request.ticket =
                Sessions.ticket(
                        dev.postern.ike.world.World.sealer(1)
                                .seal(bounded, new dev.postern.ike.world.SeededEntropy(8)));
        List<Payload> answer = request.answer(r.world, r.b());
        r.b().give(
                        new dev.postern.ike.Input.PacketVerified(
                                r.b().installed().getFirst().inboundSpi()));
        Payload.Notify ticket = Message.findNotify(answer, NotifyType.IKEV2_TICKET);
        assertThat(ticket).isNotNull();
        if (ticket != null) {
            assertThat(ticket.data().toInt()).isEqualTo(60);
        }

        r.world.advance(java.time.Duration.ofSeconds(60));
        assertThat(r.b().installed()).isEmpty();
        r.world.advance(java.time.Duration.ofSeconds(2));

        assertThat(r.b().lastClosed().reason()).isEqualTo(Event.CloseReason.HARD_DEADLINE);
    }
}
