package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.find;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.TrafficSelector;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a client makes of the answers to its resume: hints in clear text, refusals under SK, and
/// answers that it must not accept.
class Section_4_2_3_ClientChecks {
    private final Resumption r = new Resumption(23);

    /// A request on its way to gw-b, which is switched off; the test answers in its place.
    private Header resuming(ResumableSession ticket) {
        r.b().die();
        r.begin(r.b(), ticket);
        return r.world.carried().getLast().header();
    }

    private void answer(byte[] octets) {
        r.world.deliver(new Datagram(r.b().address(), r.client().address(), octets));
    }

    private static byte[] clear(Header request, Payload... payloads) {
        return MessageCodec.encode(request.toResponse(), List.of(payloads));
    }

    private List<Payload> goodAnswer() {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Payload.IdResponder(Resumption.B));
        payloads.add(InitiatorByHand.esp(0xdecade02));
        payloads.add(new Payload.Nonce(Octets.of(new byte[32])));
        payloads.add(new Payload.TsInitiator(List.of(TrafficSelector.host(Net.ip(10, 77, 0, 2)))));
        payloads.add(new Payload.TsResponder(List.of(Net.subnet(10, 1, 0, 0, 16))));
        payloads.add(
                new Payload.Configuration(
                        Payload.Configuration.REPLY,
                        List.of(
                                new ConfigurationAttribute(
                                        ConfigurationAttribute.INTERNAL_IP4_ADDRESS,
                                        Octets.ofHex("0a4d0002")))));
        return payloads;
    }

    private static List<Payload> replaced(
            List<Payload> payloads, Class<? extends Payload> type, Payload... others) {
        List<Payload> changed = new ArrayList<>();
        for (Payload payload : payloads) {
            if (type.isInstance(payload)) {
                changed.addAll(List.of(others));
            } else {
                changed.add(payload);
            }
        }
        return changed;
    }

    private void assertRefuses(List<Payload> payloads, CloseReason reason) {
        ResumableSession ticket = r.connect();
        Header request = resuming(ticket);
        answer(ResumeByHand.response(ticket, request, 0x4242, payloads));
        // Two of the reasons may be those of a gateway that was not meant.
        r.world.advance(Duration.ofMillis(181));
        assertThat(r.client().lastClosed().reason()).isEqualTo(reason);
        assertThat(r.client().installed()).as("only the old tunnel").hasSize(1);
        assertThat(r.client().events(Event.IkeSaEstablished.class)).hasSize(1);
    }

    @Test
    void aGoodAnswerIsAccepted() {
        ResumableSession ticket = r.connect();
        Header request = resuming(ticket);
        answer(ResumeByHand.response(ticket, request, 0x4242, goodAnswer()));
        assertThat(r.client().lastEstablished().peer()).isEqualTo(Resumption.B);
        assertThat(r.client().installed()).hasSize(2);
    }

    @Test
    void aGatewayThatIsNotOnTheListIsRefused() {
        assertRefuses(
                replaced(
                        goodAnswer(),
                        Payload.IdResponder.class,
                        new Payload.IdResponder(Identity.fqdn("gw-x.example"))),
                CloseReason.UNEXPECTED_IDENTITY);
        assertThat(r.client().lastClosed().detail()).contains("gw-x.example", "gw-b.example");
    }

    @Test
    void aNonceThatIsNot32OctetsIsRefused() {
        assertRefuses(
                replaced(
                        goodAnswer(),
                        Payload.Nonce.class,
                        new Payload.Nonce(Octets.of(new byte[16]))),
                CloseReason.SYNTAX);
    }

    @Test
    void aFirstPayloadThatIsANotifyIsRefused() {
        List<Payload> payloads = goodAnswer();
        payloads.addFirst(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        assertRefuses(payloads, CloseReason.SYNTAX);
    }

    @Test
    void anUnknownCriticalPayloadIsRefused() {
        List<Payload> payloads = goodAnswer();
        payloads.add(new Payload.Unknown(201, true, Octets.EMPTY));
        assertRefuses(payloads, CloseReason.UNSUPPORTED_CRITICAL_PAYLOAD);
    }

    @Test
    void anEspSuiteThatWasNotOfferedIsRefused() {
        assertRefuses(
                replaced(
                        goodAnswer(),
                        Payload.SecurityAssociation.class,
                        new Payload.SecurityAssociation(
                                List.of(
                                        Suites.esp("chacha20poly1305")
                                                .getFirst()
                                                .toProposal(1, Octets.ofInt(0xdecade02))))),
                CloseReason.NO_PROPOSAL_CHOSEN);
    }

    @Test
    void aReservedSpiIsRefused() {
        assertRefuses(
                replaced(goodAnswer(), Payload.SecurityAssociation.class, InitiatorByHand.esp(0)),
                CloseReason.NO_PROPOSAL_CHOSEN);
    }

    @Test
    void aTsiThatIsNotTheAssignedAddressIsRefused() {
        assertRefuses(
                replaced(
                        goodAnswer(),
                        Payload.TsInitiator.class,
                        new Payload.TsInitiator(List.of(Net.subnet(10, 0, 0, 0, 8)))),
                CloseReason.TS_UNACCEPTABLE);
    }

    @Test
    void aTsrBeyondTheProfileIsRefused() {
        r.settings.remoteSelectors = List.of(Net.subnet(10, 1, 0, 0, 16));
        assertRefuses(
                replaced(
                        goodAnswer(),
                        Payload.TsResponder.class,
                        new Payload.TsResponder(List.of(Net.subnet(0, 0, 0, 0, 0)))),
                CloseReason.TS_UNACCEPTABLE);
    }

    @Test
    void aReplyWithoutAddressIsRefused() {
        assertRefuses(
                replaced(
                        goodAnswer(),
                        Payload.Configuration.class,
                        new Payload.Configuration(Payload.Configuration.REPLY, List.of())),
                CloseReason.ADDRESS_FAILURE);
    }

    @Test
    void aKerThatNobodyAskedForIsRefused() {
        List<Payload> payloads = goodAnswer();
        payloads.add(new Payload.KeyExchange(31, Octets.of(new byte[32])));
        assertRefuses(payloads, CloseReason.INVALID_KE_PAYLOAD);
    }

    @Test
    void aKerThatIsMissingOrUnusableIsRefused() {
        r.settings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        assertRefuses(goodAnswer(), CloseReason.INVALID_KE_PAYLOAD);
    }

    @Test
    void aKerOfLowOrderIsRefused() {
        r.settings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        List<Payload> payloads = goodAnswer();
        payloads.add(new Payload.KeyExchange(31, Octets.of(new byte[32])));
        assertRefuses(payloads, CloseReason.INVALID_KE_PAYLOAD);
    }

    /// The value is one of X25519, which the request was of, under the name of P-256.
    @Test
    void aKerOfAnotherMethodIsRefused() {
        r.settings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        List<Payload> payloads = goodAnswer();
        byte[] value = new byte[32];
        value[0] = 9;
        payloads.add(new Payload.KeyExchange(19, Octets.of(value)));
        assertRefuses(payloads, CloseReason.INVALID_KE_PAYLOAD);
    }

    @ParameterizedTest
    @CsvSource({
        "TICKET_NACK, TICKET_REFUSED",
        "NO_PROPOSAL_CHOSEN, NO_PROPOSAL_CHOSEN",
        "TS_UNACCEPTABLE, TS_UNACCEPTABLE",
        "INVALID_KE_PAYLOAD, INVALID_KE_PAYLOAD",
        "INTERNAL_ADDRESS_FAILURE, ADDRESS_FAILURE",
        "AUTHENTICATION_FAILED, AUTHENTICATION_FAILED",
        "TEMPORARY_FAILURE, TEMPORARY_FAILURE",
        "INVALID_SYNTAX, SYNTAX"
    })
    void eachRefusalUnderSkHasItsReason(NotifyType type, CloseReason reason) {
        assertRefuses(List.of(Payload.Notify.of(type)), reason);
    }

    @Test
    void anAnswerUnderOtherKeysIsPassedOver() {
        ResumableSession ticket = r.connect();
        Header request = resuming(ticket);
        byte[] forged = ResumeByHand.response(ticket, request, 0x4242, goodAnswer());
        forged[forged.length - 1] ^= 1;
        answer(forged);
        answer(ResumeByHand.response(ticket, request, 0, goodAnswer()));
        assertThat(r.client().count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(2);
        answer(ResumeByHand.response(ticket, request, 0x4242, goodAnswer()));
        assertThat(r.client().events(Event.IkeSaEstablished.class)).hasSize(2);
    }

    @Test
    void anUnprotectedTicketNackIsOnlyAHintWhileOneIntervalBringsSomethingBetter() {
        ResumableSession ticket = r.connect();
        r.world.setFate(
                d -> d.from().equals(r.b().address()) ? List.of(170_000_000L) : Fate.delivered());
        r.begin(r.b(), ticket);
        Header request = r.world.carried().getLast().header();
        answer(clear(request, Payload.Notify.of(NotifyType.TICKET_NACK)));
        assertThat(r.client().count(Counter.NOTED_UNPROTECTED_REFUSAL)).isEqualTo(1);
        assertThat(r.client().events(Event.IkeSaClosed.class)).isEmpty();

        r.world.advance(Duration.ofSeconds(1));

        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    @Test
    void anUnprotectedTicketNackCountsAfterOneIntervalFromItsArrival() {
        ResumableSession ticket = r.connect();
        Header request = resuming(ticket);
        r.world.advance(Duration.ofMillis(100));
        answer(clear(request, Payload.Notify.of(NotifyType.TICKET_NACK)));
        r.world.advance(Duration.ofMillis(100));
        answer(clear(request, Payload.Notify.of(NotifyType.TICKET_NACK)));
        r.world.advance(Duration.ofMillis(79));
        assertThat(r.client().events(Event.IkeSaClosed.class)).isEmpty();

        r.world.advance(Duration.ofMillis(2));

        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
        assertThat(ticket.session().secret().expose())
                .as("the ticket is kept, another gateway may take it")
                .hasSize(48);
    }

    @Test
    void theTicketOfAnUnprotectedNackStillResumesElsewhere() {
        ResumableSession ticket = r.connect();
        Header request = resuming(ticket);
        answer(clear(request, Payload.Notify.of(NotifyType.TICKET_NACK)));
        r.world.advance(Duration.ofSeconds(1));
        r.resume(r.a(), ticket);
        assertThat(r.client().lastEstablished().peer()).isEqualTo(Resumption.A);
    }

    @Test
    void otherClearNotificationsAreDropped() {
        ResumableSession ticket = r.connect();
        Header request = resuming(ticket);
        answer(clear(request, Payload.Notify.of(NotifyType.REDIRECT, Octets.ofHex("01"))));
        answer(clear(request, Payload.Notify.of(NotifyType.AUTHENTICATION_FAILED)));
        assertThat(r.client().count(Counter.DROPPED_NOT_PROTECTED)).isEqualTo(2);
        r.world.advance(Duration.ofMillis(400));
        assertThat(r.client().events(Event.IkeSaClosed.class)).isEmpty();
    }

    @Test
    void aTicketThatHasExpiredIsNotPresented() {
        ResumableSession ticket = r.connect();
        r.world.advance(Duration.ofSeconds(Suites.LIFETIME_SECONDS));
        int before = r.world.carried().size();

        r.begin(r.b(), ticket);

        assertThat(r.world.carried()).hasSize(before);
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
        assertThat(r.client().lastClosed().detail()).contains("expired");
    }

    @Test
    void theRequestNamesTheGatewayWhereItIsKnownAndTheDomainWhereNot() {
        ResumableSession ticket = r.connect();
        assertThat(meant(ticket)).isEqualTo(Identity.fqdn("vpn.example"));
        r.settings.namedGateway = Resumption.B;
        assertThat(meant(ticket)).isEqualTo(Resumption.B);
    }

    private Identity meant(ResumableSession ticket) {
        r.begin(r.b(), ticket);
        Datagram sent = r.world.carried().getLast();
        return find(RequestReader.open(sent, ticket), Payload.IdResponder.class).identity();
    }

    @Test
    void theRequestAsksForTheOldAddressAndCarriesNatDetection() {
        ResumableSession ticket = r.connect();
        r.begin(r.b(), ticket);
        List<Payload> inner = RequestReader.open(r.world.carried().getLast(), ticket);

        assertThat(find(inner, Payload.Configuration.class).attributes().getFirst().value())
                .isEqualTo(Octets.ofHex("0a4d0002"));
        assertThat(inner.getFirst()).isInstanceOf(Payload.IdResponder.class);
        assertThat(find(inner, Payload.Nonce.class).data().length()).isEqualTo(32);
        assertThat(inner)
                .anyMatch(p ->
                        p instanceof Payload.Notify n && n.is(NotifyType.NAT_DETECTION_SOURCE_IP))
                .anyMatch(p ->
                        p instanceof Payload.Notify n
                                && n.is(NotifyType.NAT_DETECTION_DESTINATION_IP));
        assertThat(find(inner, Payload.SecurityAssociation.class).proposals())
                .allMatch(p -> p.transforms().stream().noneMatch(t -> t.type() == 4));
    }

    @Test
    void theSessionsOwnEspSuiteIsAskedForAlone() {
        r.settings.espSuites = Suites.esp("chacha20poly1305", "aes256gcm16", "aes128gcm16");
        r.aSettings.espSuites = Suites.esp("aes256gcm16");
        ResumableSession ticket = r.connect();
        r.begin(r.b(), ticket);
        List<Payload> inner = RequestReader.open(r.world.carried().getLast(), ticket);
        assertThat(find(inner, Payload.SecurityAssociation.class).proposals()).hasSize(1);
    }

    @Test
    void closingTheAttemptEndsItInSilence() {
        ResumableSession ticket = r.connect();
        resuming(ticket);
        int before = r.world.carried().size();
        r.client().give(new Input.Close(2, false));
        r.world.advance(Duration.ofSeconds(3));
        assertThat(r.world.carried()).hasSize(before);
        assertThat(r.client().endpoint().size()).isEqualTo(1);
    }
}
