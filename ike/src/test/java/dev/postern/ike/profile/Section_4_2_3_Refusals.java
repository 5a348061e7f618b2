package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.find;
import static dev.postern.ike.world.InitiatorByHand.onlyNotify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.InitiatorByHand;
import dev.postern.ike.world.Net;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionChildSa;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Header;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.MessageCodec;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;
import dev.postern.wire.Proposal;
import dev.postern.wire.WireWriter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What the gateway does not resume, and how it says so: before SK verifies one TICKET_NACK in
/// clear text or silence, after it a notification under SK. Never a state.
class Section_4_2_3_Refusals {
    private final Resumption r = new Resumption(13);

    /// Every refusal of this class creates no IKE SA.
    @AfterEach
    void noIkeSaWasCreated() {
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().endpoint().provisional()).isZero();
        assertThat(r.b().installed()).isEmpty();
        assertThat(r.b().events(Event.IkeSaEstablished.class)).isEmpty();
        assertThat(r.b().events(Event.IkeSaClosed.class)).isEmpty();
    }

    private void assertClearNack(List<Datagram> back) {
        assertThat(back).hasSize(1);
        Message message = back.getFirst().message();
        assertThat(message.payloads()).containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(message.header().spiR()).isZero();
    }

    private void assertRefusedUnderSk(ResumeByHand request, NotifyType type, Counter counter) {
        assertThat(onlyNotify(request.answer(r.world, r.b()))).isEqualTo(type.code());
        assertThat(r.b().count(counter)).isEqualTo(1);
    }

    /// The same session in a ticket that a member of the domain might have written.
    private ResumableSession resealed(ResumableSession honest, UnaryOperator<Session> change) {
        Session changed = change.apply(Sessions.opened(honest));
        return new ResumableSession(
                honest.session(),
                Sessions.ticket(World.sealer(1).seal(changed, new SeededEntropy(99))),
                honest.validUntil());
    }

    @Test
    void aFlippedBitAnywhereInTheTicketGetsAClearNackOrSilence() {
        ResumableSession ticket = r.connect();
        byte[] good = ticket.ticket().array();
        for (int octet = 0; octet < good.length; octet++) {
            byte[] bad = good.clone();
            bad[octet] ^= (byte) (1 << (octet & 7));
            ResumeByHand request = r.byHand(ticket, 1);
            request.spiI = 0x7700_0000L + octet;
            request.ticket = Octets.of(bad);
            assertClearNack(request.send(r.world, r.b()));
        }
        assertThat(r.b().count(Counter.REFUSED_TICKET_NOT_OPENED)).isEqualTo(good.length);
    }

    @Test
    void truncatedEmptyAndHugeTicketsGetAClearNack() {
        ResumableSession ticket = r.connect();
        for (int length : new int[] {0, 1, 8, 25, 41, 42, 60_000}) {
            ResumeByHand request = r.byHand(ticket, 1);
            request.spiI = 0x7700_0000L + length;
            request.ticket = Octets.of(java.util.Arrays.copyOf(ticket.ticket().array(), length));
            assertClearNack(request.send(r.world, r.b()));
        }
    }

    @Test
    void aTicketNotifyShorterThanItsLifetimeGetsAClearNack() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        byte[] octets =
                request.encode(
                        List.of(
                                Payload.Notify.of(
                                        NotifyType.IKEV2_TICKET, Octets.ofHex("000000"))));
        assertClearNack(request.send(r.world, r.b(), octets));
    }

    @Test
    void aTicketOfAnotherDomainsKeyGetsAClearNack() {
        r.bSettings.tickets = World.sealer(2);
        assertClearNack(r.byHand(r.connect(), 1).send(r.world, r.b()));
    }

    @Test
    void aTicketOfTheOtherProtocolGetsAClearNack() {
        ResumableSession ticket = r.connect();
        Session other =
                Sessions.with(
                        Sessions.opened(ticket),
                        Session.Kind.RFC_5723,
                        SecretBytes.owning(new byte[48]));
        ResumeByHand request = r.byHand(ticket, 1);
        request.ticket = Sessions.ticket(World.sealer(1).seal(other, new SeededEntropy(4)));
        assertClearNack(request.send(r.world, r.b()));
    }

    @Test
    void aGatewayWithoutTicketKeysSaysNack() {
        r.bSettings.tickets = null;
        assertClearNack(r.byHand(r.connect(), 1).send(r.world, r.b()));
    }

    @Test
    void aReferenceIsNotResolvedHere() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        byte[] octets =
                request.encode(
                        List.of(
                                Payload.Notify.of(
                                        NotifyType.IKE_SPI_PAIR, Octets.of(new byte[16]))));
        assertClearNack(request.send(r.world, r.b(), octets));
    }

    @Test
    void ticketAndReferenceTogetherAreDropped() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        byte[] octets =
                request.encode(
                        List.of(
                                Payload.Notify.of(
                                        NotifyType.IKEV2_TICKET,
                                        Octets.of(
                                                new WireWriter(400)
                                                        .i32(0)
                                                        .octets(request.ticket)
                                                        .toArray())),
                                Payload.Notify.of(
                                        NotifyType.IKE_SPI_PAIR, Octets.of(new byte[16]))));
        assertThat(request.send(r.world, r.b(), octets)).isEmpty();
        assertThat(r.b().count(Counter.REFUSED_INVALID_SYNTAX)).isEqualTo(1);
    }

    @Test
    void aRequestWithoutSkIsDropped() {
        ResumableSession ticket = r.connect();
        Header header =
                new Header(77, 0, ExchangeType.IKE_SESSION_RESUME_1RTT, true, false, 0x1000_0000);
        byte[] octets =
                MessageCodec.encode(
                        header,
                        List.of(Payload.Notify.of(NotifyType.IKEV2_TICKET, ticket.ticket())));
        assertThat(r.byHand(ticket, 1).send(r.world, r.b(), octets)).isEmpty();
    }

    @Test
    void anSkUnderAnotherSecretIsDroppedInSilence() {
        ResumableSession ticket = r.connect();
        ResumableSession thief =
                new ResumableSession(
                        Sessions.with(
                                ticket.session(),
                                Session.Kind.ONE_ROUND_TRIP,
                                SecretBytes.owning(new byte[48])),
                        ticket.ticket(),
                        ticket.validUntil());
        assertThat(r.byHand(thief, 1).send(r.world, r.b())).isEmpty();
        assertThat(r.b().count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
    }

    @Test
    void aChangedClearPartIsAForgery() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        byte[] octets = request.encode();
        // The ticket notification's lifetime is ignored, yet it is associated data.
        octets[28 + 8] ^= 1;
        assertThat(request.send(r.world, r.b(), octets)).isEmpty();
        assertThat(r.b().count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
    }

    @Test
    void anExpiredTicketIsRefusedToTheSecond() {
        ResumableSession ticket = r.connect();
        r.world.advance(
                Duration.ofSeconds(ticket.session().expiresAt() - r.world.now().epochSeconds()));
        assertRefusedUnderSk(
                r.byHand(ticket, 1), NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_EXPIRED);
    }

    @Test
    void theHardDeadlineIsNotExtendedByALongTicket() {
        ResumableSession ticket = r.connect();
        ResumableSession bounded =
                resealed(ticket, s -> Sessions.withDeadline(s, r.world.now().epochSeconds() + 10));
        r.world.advance(Duration.ofSeconds(10));
        assertRefusedUnderSk(
                r.byHand(bounded, 1), NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_EXPIRED);
    }

    @Test
    void aProfileThatIsNotHereIsPolicy() {
        r.bSettings.profileName = "contractors";
        assertRefusedUnderSk(
                r.byHand(r.connect(), 1), NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_POLICY);
    }

    @Test
    void aProfileThatNoLongerResumesIsPolicy() {
        r.bSettings.resumption = Suites.RFC_5723;
        assertRefusedUnderSk(
                r.byHand(r.connect(), 1), NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_POLICY);
    }

    @Test
    void algorithmsThatAreNoLongerAllowedArePolicy() {
        r.bSettings.ikeSuites = Suites.ike("chacha20poly1305-prfsha256-x25519");
        assertRefusedUnderSk(
                r.byHand(r.connect(), 1), NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_POLICY);
    }

    @Test
    void anotherSecureDomainIsPolicy() {
        r.bSettings.domain = "other.example";
        assertRefusedUnderSk(
                r.byHand(r.connect(), 1), NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_POLICY);
    }

    @Test
    void anIdentityThatIsNoLongerLetInIsPolicy() {
        r.bSettings.keys.remove(Identity.fqdn("c07.example"));
        assertRefusedUnderSk(
                r.byHand(r.connect(), 1), NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_POLICY);
    }

    @Test
    void aTicketThatAMemberWroteAndNobodyChangedIsGood() {
        ResumableSession ticket = resealed(r.connect(), s -> s);
        ResumeByHand request = r.byHand(ticket, 1);
        // What is judged here is the way there: the address that is missing comes last.
        r.b().pool().refuse();
        assertRefusedUnderSk(request, NotifyType.INTERNAL_ADDRESS_FAILURE, Counter.REFUSED_ADDRESS);
    }

    @Test
    void anotherAuthenticationMethodIsPolicy() {
        ResumableSession ticket = resealed(r.connect(), s -> Sessions.withMethod(s, 1));
        assertRefusedUnderSk(
                r.byHand(ticket, 1), NotifyType.TICKET_NACK, Counter.REFUSED_TICKET_POLICY);
    }

    @Test
    void aProposalThatIsNoSuiteGetsAClearNack() {
        ResumableSession honest = r.connect();
        Proposal nonsense =
                new Proposal(1, 1, Octets.EMPTY, List.of(new dev.postern.wire.Transform(1, 3, 0)));
        Session changed = Sessions.withProposal(Sessions.opened(honest), nonsense);
        ResumeByHand request = r.byHand(honest, 1);
        request.ticket = Sessions.ticket(World.sealer(1).seal(changed, new SeededEntropy(99)));
        assertClearNack(request.send(r.world, r.b()));
    }

    @Test
    void aRequestThatMeansAnotherGatewayIsRefused() {
        assertRefusedUnderSk(
                new ResumeByHand(r.connect(), Resumption.A, 1),
                NotifyType.AUTHENTICATION_FAILED,
                Counter.REFUSED_TICKET_IDENTITY);
    }

    @Test
    void aFirstPayloadThatIsANotifyIsInvalidSyntax() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        request.inner.addFirst(Payload.Notify.of(NotifyType.MOBIKE_SUPPORTED));
        assertRefusedUnderSk(request, NotifyType.INVALID_SYNTAX, Counter.REFUSED_INVALID_SYNTAX);
    }

    @Test
    void aNonceThatIsNot32OctetsIsInvalidSyntax() {
        ResumableSession ticket = r.connect();
        for (int length : new int[] {16, 31, 33, 256}) {
            ResumeByHand request =
                    r.byHand(ticket, length % 90)
                            .replace(
                                    Payload.Nonce.class,
                                    new Payload.Nonce(Octets.of(new byte[length])));
            assertThat(onlyNotify(request.answer(r.world, r.b())))
                    .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        }
    }

    @Test
    void missingPayloadsAreInvalidSyntax() {
        ResumableSession ticket = r.connect();
        int number = 0;
        for (Class<? extends Payload> type :
                List.of(
                        Payload.IdResponder.class,
                        Payload.SecurityAssociation.class,
                        Payload.Nonce.class)) {
            number++;
            assertThat(onlyNotify(r.byHand(ticket, number).replace(type).answer(r.world, r.b())))
                    .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        }
        ResumeByHand empty = r.byHand(ticket, 9);
        empty.inner = List.of();
        assertThat(onlyNotify(empty.answer(r.world, r.b())))
                .isEqualTo(NotifyType.INVALID_SYNTAX.code());
    }

    @Test
    void anUnknownCriticalPayloadIsNamed() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        request.inner.add(new Payload.Unknown(200, true, Octets.EMPTY));
        Payload.Notify notify = find(request.answer(r.world, r.b()), Payload.Notify.class);
        assertThat(notify.type()).isEqualTo(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD.code());
        assertThat(notify.data()).isEqualTo(Octets.ofHex("c8"));
    }

    @Test
    void anEspProposalThatIsNotAllowedIsNotChosen() {
        r.bSettings.espSuites = Suites.esp("chacha20poly1305");
        assertRefusedUnderSk(
                r.byHand(r.connect(), 1),
                NotifyType.NO_PROPOSAL_CHOSEN,
                Counter.REFUSED_NO_PROPOSAL_CHOSEN);
    }

    @Test
    void aReservedSpiIsNotChosen() {
        assertRefusedUnderSk(
                r.byHand(r.connect(), 1)
                        .replace(Payload.SecurityAssociation.class, InitiatorByHand.esp(0)),
                NotifyType.NO_PROPOSAL_CHOSEN,
                Counter.REFUSED_NO_PROPOSAL_CHOSEN);
    }

    @Test
    void aTransportModeChildSaDoesNotComeBackAsATunnel() {
        ResumableSession ticket =
                resealed(
                        r.connect(),
                        s -> {
                            SessionChildSa child = s.childSas().getFirst();
                            return Sessions.withChild(
                                    s,
                                    new SessionChildSa(
                                            child.proposal(),
                                            child.initiatorSelectors(),
                                            child.responderSelectors(),
                                            true,
                                            true));
                        });
        assertRefusedUnderSk(
                r.byHand(ticket, 1),
                NotifyType.NO_PROPOSAL_CHOSEN,
                Counter.REFUSED_NO_PROPOSAL_CHOSEN);
    }

    @Test
    void selectorsOutsideThePolicyAreUnacceptable() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        request.inner.add(new Payload.TsResponder(List.of(Net.subnet(172, 16, 0, 0, 12))));
        assertRefusedUnderSk(request, NotifyType.TS_UNACCEPTABLE, Counter.REFUSED_TS_UNACCEPTABLE);
    }

    @Test
    void anEmptyPoolIsAnAddressFailure() {
        r.b().pool().refuse();
        assertRefusedUnderSk(
                r.byHand(r.connect(), 1),
                NotifyType.INTERNAL_ADDRESS_FAILURE,
                Counter.REFUSED_ADDRESS);
    }

    @Test
    void aPoolThatDoesNotAnswerIsATemporaryFailureWhileTheClientStillListens() {
        ResumableSession ticket = r.connect();
        r.b().pool().fallSilent();
        ResumeByHand request = r.byHand(ticket, 1);
        assertThat(request.send(r.world, r.b())).isEmpty();
        assertThat(r.b().endpoint().provisional()).as("it counts while it waits").isEqualTo(1);
        RetransmissionSchedule schedule = RetransmissionSchedule.QUICK;
        long listens = 0;
        for (int sent = 1; sent <= schedule.transmissions(); sent++) {
            listens += schedule.waitAfter(sent);
        }
        Duration there = Duration.ofMillis(400);
        r.world.advance(Duration.ofNanos(listens).minus(there));
        Datagram refusal = r.world.carried().getLast();
        assertThat(refusal.to()).isEqualTo(request.address());
        assertThat(onlyNotify(request.open(refusal)))
                .isEqualTo(NotifyType.TEMPORARY_FAILURE.code());
        assertThat(r.b().count(Counter.REFUSED_ADDRESS)).isEqualTo(1);
    }

    @Test
    void aRequiredKeyExchangeThatIsMissingIsAskedForByItsGroup() {
        r.bSettings.resumption = Suites.ONE_ROUND_TRIP_WITH_KE;
        Payload.Notify notify =
                find(r.byHand(r.connect(), 1).answer(r.world, r.b()), Payload.Notify.class);
        assertThat(notify.type()).isEqualTo(NotifyType.INVALID_KE_PAYLOAD.code());
        assertThat(notify.data()).isEqualTo(Octets.ofHex("001f"));
    }

    @Test
    void aKeyExchangeOfAnotherGroupIsAnsweredWithTheTicketsGroup() {
        ResumeByHand request = r.byHand(r.connect(), 1);
        request.inner.add(new Payload.KeyExchange(19, Octets.of(new byte[64])));
        Payload.Notify notify = find(request.answer(r.world, r.b()), Payload.Notify.class);
        assertThat(notify.type()).isEqualTo(NotifyType.INVALID_KE_PAYLOAD.code());
        assertThat(notify.data()).isEqualTo(Octets.ofHex("001f"));
    }

    @Test
    void aKeyExchangeValueOfLowOrderOrWrongLengthIsRefusedUnderSk() {
        ResumableSession ticket = r.connect();
        int number = 0;
        for (int length : new int[] {0, 31, 32, 33}) {
            number++;
            ResumeByHand request = r.byHand(ticket, number);
            request.inner.add(new Payload.KeyExchange(31, Octets.of(new byte[length])));
            assertThat(onlyNotify(request.answer(r.world, r.b())))
                    .isEqualTo(NotifyType.INVALID_SYNTAX.code());
        }
        assertThat(r.b().count(Counter.DROPPED_KEY_EXCHANGE)).isEqualTo(4);
    }

    @Test
    void everyRefusalHasAnSpiOfItsOwn() {
        ResumableSession ticket = r.connect();
        Set<Long> spis = new HashSet<>();
        byte[] request = new ResumeByHand(ticket, Resumption.A, 1).encode();
        for (int i = 0; i < 20; i++) {
            spis.add(r.byHand(ticket, 1).send(r.world, r.b(), request).getFirst().header().spiR());
        }
        assertThat(spis).hasSize(20).doesNotContain(0L);
    }
}
