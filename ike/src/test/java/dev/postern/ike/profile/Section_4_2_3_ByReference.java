package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.ResumptionPolicy.TicketStorage;
import dev.postern.ike.guard.VainQuestions;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.Suites;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Identity;
import dev.postern.wire.Message;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// The stateful mode: the gateways keep the session, the client presents the SPI pair of its IKE SA
/// (third bullet of the section; sections 4.1, 4.2.2; failover profile "By reference").
class Section_4_2_3_ByReference {
    private final Stateful s = new Stateful(41);
    private final Resumption r = s.r;

    private static SessionReference referenceOf(ResumableSession session) {
        return new SessionReference(session.ticket());
    }

    @Test
    void theReferenceIsTheSpiPairAndTheRecordIsWrittenBeforeTheClientLearnsOfIt() {
        ResumableSession session = s.connect();

        assertThat(session.ticket().length()).isEqualTo(16);
        assertThat(s.store.asked().getFirst()).isInstanceOf(Ask.StoreSession.class);
        assertThat(s.store.records().fetch(referenceOf(session), 0)).isNotNull();
        assertThat(r.a().count(Counter.TICKETS_ISSUED)).isZero();
        assertTunnel(r.client(), r.a());
    }

    @Test
    void anotherGatewayResumesFromTheStoreAndSaysWhatIsTheNextReferenceOnceItIsConfirmed() {
        ResumableSession first = s.connect();

        r.resume(r.b(), first);

        assertTunnel(r.client(), r.b());
        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        ResumableSession next = r.client().lastTicket();
        assertThat(next.isReference()).isTrue();
        assertThat(next.ticket()).isNotEqualTo(first.ticket());
        assertThat(s.store.records().fetch(referenceOf(next), 0)).isNotNull();
        assertThat(s.store.records().fetch(referenceOf(first), 0))
                .as("the old pair goes when the client has acknowledged the new one")
                .isNull();
    }

    @Test
    void aChainOfResumesGoesOnFromReferenceToReference() {
        ResumableSession session = s.connect();
        for (int i = 1; i <= 6; i++) {
            r.resume(i % 2 == 0 ? r.a() : r.b(), session);
            assertThat(r.client().lastEstablished().gatewaySwitchCount()).isEqualTo(i);
            session = r.client().lastTicket();
            assertThat(session.session().gatewaySwitchCount()).isEqualTo(i);
        }
        assertThat(s.store.records().size()).isEqualTo(1);
    }

    @Test
    void theOldPairStaysResolvableUntilTheNewIkeSaIsConfirmed() {
        ResumableSession first = s.connect();
        r.world.setFate(d -> d.from().equals(r.b().address()) ? Fate.lost() : Fate.delivered());
        r.resume(r.b(), first);
        r.world.advance(Duration.ofSeconds(40));
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.PEER_UNRESPONSIVE);
        r.world.setFate(Fate.DELIVER);

        r.resume(r.b(), first.attempted());

        assertTunnel(r.client(), r.b());
        assertThat(r.client().lastEstablished().gatewaySwitchCount())
                .as("the answer was lost, the count was spent (section 4.2.2)")
                .isEqualTo(2);
    }

    @Test
    void aCountThatIsSpentIsStale() {
        ResumableSession first = s.connect();
        s.r.byHand(first, 1).answer(r.world, r.b());
        ResumeByHand again = r.byHand(first, 2);

        assertThat(onlyNotify(again.answer(r.world, r.b())))
                .isEqualTo(NotifyType.TICKET_NACK.code());
        assertThat(r.b().count(Counter.REFUSED_TICKET_STALE_COUNT)).isEqualTo(1);
        assertThat(r.b().endpoint().size()).isEqualTo(1);
    }

    @Test
    void whoLosesARaceForTheCountIsToldToTryTheNext() {
        ResumableSession first = s.connect();
        s.store.slowDown(50_000_000);
        ResumeByHand one = r.byHand(first, 1);
        ResumeByHand two =
                r.byHand(first, 2)
                        .replace(Payload.IdResponder.class, new Payload.IdResponder(Resumption.A));
        r.world.deliver(new Datagram(one.address(), r.b().address(), one.encode()));
        r.world.deliver(new Datagram(two.address(), r.a().address(), two.encode()));
        r.world.settle();

        Datagram lost =
                r.world.carried().stream()
                        .filter(d -> d.to().equals(two.address()))
                        .findFirst()
                        .orElseThrow();
        assertThat(onlyNotify(two.open(lost))).isEqualTo(NotifyType.TEMPORARY_FAILURE.code());
        assertThat(r.a().count(Counter.REFUSED_SWITCH_COUNT_TAKEN)).isEqualTo(1);
        assertThat(r.b().endpoint().provisional()).isEqualTo(1);
        assertThat(r.a().endpoint().provisional()).isZero();
    }

    @Test
    void nobodyWhoCannotMakeAValidSkBurnsACount() {
        ResumableSession first = s.connect();
        byte[] forged = r.byHand(first, 1).encode();
        forged[forged.length - 1] ^= 1;

        assertThat(r.byHand(first, 1).send(r.world, r.b(), forged)).isEmpty();

        assertThat(s.store.asked(Ask.FetchSession.class)).hasSize(1);
        assertThat(s.store.asked(Ask.RaiseSwitchCount.class)).isEmpty();
        assertThat(r.b().endpoint().size()).isZero();
        r.resume(r.b(), first);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aRequestForAnotherGatewayBurnsNoCount() {
        ResumableSession first = s.connect();
        ResumeByHand elsewhere =
                r.byHand(first, 1)
                        .replace(
                                Payload.IdResponder.class,
                                new Payload.IdResponder(Identity.fqdn("gw-x.example")));
        assertThat(onlyNotify(elsewhere.answer(r.world, r.b())))
                .isEqualTo(NotifyType.AUTHENTICATION_FAILED.code());
        assertThat(s.store.asked(Ask.RaiseSwitchCount.class)).isEmpty();
    }

    @Test
    void aRequestUnderLoadBringsACookieBeforeTheStoreIsAsked() {
        ResumableSession first = s.connect();
        s.store.fallSilent();
        for (int i = 0; i < 64; i++) {
            ResumeByHand other = r.byHand(first, 100 + i);
            r.world.deliver(new Datagram(other.address(), r.b().address(), other.encode()));
        }
        s.store.speakAgain();
        ResumeByHand request = r.byHand(first, 1);
        List<Datagram> back = request.send(r.world, r.b());
        Payload.Notify cookie =
                Message.findNotify(back.getFirst().message().payloads(), NotifyType.COOKIE);
        assertThat(cookie).isNotNull();
        assertThat(s.store.asked(Ask.FetchSession.class)).isEmpty();
        assertThat(r.b().count(Counter.COOKIE_SENT)).isEqualTo(1);

        request.cookie = cookie == null ? null : cookie.data();
        assertThat(request.answer(r.world, r.b()).getFirst())
                .isInstanceOf(Payload.IdResponder.class);
    }

    private ResumeByHand stranger(ResumableSession session, int number, int source) {
        ResumeByHand stranger = r.byHand(session, source);
        stranger.spiI = 0x1000L + number;
        stranger.ticket =
                Octets.of(ByteBuffer.allocate(16).putLong(number).putLong(number).array());
        return stranger;
    }

    /// The store answers in this very instant.
    private void deliver(ResumeByHand request) {
        r.world.deliver(new Datagram(request.address(), r.b().address(), request.encode()));
        r.world.advance(Duration.ZERO);
    }

    /// RFC 5723 section 9.3: none of the look-ups is under way for long.
    @Test
    void aFloodOfMadeUpReferencesSoonMeetsACookieAndNotTheStore() {
        ResumableSession first = s.connect();
        int before = s.store.asked(Ask.FetchSession.class).size();
        for (int i = 0; i < 3_000; i++) {
            deliver(stranger(first, i, i % 90));
        }

        assertThat(s.store.asked(Ask.FetchSession.class)).hasSize(before + VainQuestions.UNPROVEN);
        assertThat(r.b().count(Counter.COOKIE_SENT)).isEqualTo(3_000 - VainQuestions.UNPROVEN);
        ResumeByHand request = r.byHand(first, 91);
        bringCookie(request);
        assertThat(request.answer(r.world, r.b()).getFirst())
                .isInstanceOf(Payload.IdResponder.class);
    }

    @Test
    void whoCanBringCookiesAsksInVainSoOftenASecondAndLocksNobodyElseOut() {
        ResumableSession first = s.connect();
        for (int i = 0; i < VainQuestions.UNPROVEN; i++) {
            deliver(stranger(first, i, 80));
        }
        for (int i = 0; i < 200; i++) {
            ResumeByHand stranger = stranger(first, i, 81);
            bringCookie(stranger);
            deliver(stranger);
        }

        assertThat(r.b().count(Counter.DROPPED_VAIN_QUESTIONS))
                .isEqualTo(200 - VainQuestions.PER_SOURCE);
        ResumeByHand ofUnproven = r.byHand(first, 80);
        bringCookie(ofUnproven);
        assertThat(ofUnproven.answer(r.world, r.b()).getFirst())
                .as("an address that others have written into their datagrams")
                .isInstanceOf(Payload.IdResponder.class);
        r.world.advance(Duration.ofSeconds(1));
        assertThat(r.byHand(first, 81).count(2).answer(r.world, r.b()).getFirst())
                .as("the next second")
                .isInstanceOf(Payload.IdResponder.class);
    }

    /// What is beyond a source's share is not passed over: a client that shares the address, or
    /// whose cookie somebody has seen, hears at once that it had better run the full exchange.
    @Test
    void whoeverIsRefusedAQuestionHearsIt() {
        ResumableSession first = s.connect();
        for (int i = 0; i < VainQuestions.UNPROVEN; i++) {
            deliver(stranger(first, i, 80));
        }
        for (int i = 0; i < VainQuestions.PER_SOURCE; i++) {
            ResumeByHand stranger = stranger(first, i, 81);
            bringCookie(stranger);
            deliver(stranger);
        }
        ResumeByHand neighbour = r.byHand(first, 81);
        bringCookie(neighbour);

        Datagram answer = neighbour.send(r.world, r.b()).getFirst();
        assertThat(answer.message().payloads())
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(r.b().count(Counter.DROPPED_VAIN_QUESTIONS)).isEqualTo(1);
    }

    @Test
    void questionsThatTheStoreLeavesOpenAreNotInVain() {
        ResumableSession first = s.connect();
        s.store.lie(_ -> new Answer.StoreUnavailable());
        for (int i = 0; i < 2 * VainQuestions.UNPROVEN; i++) {
            deliver(stranger(first, i, i % 90));
        }
        assertThat(r.b().count(Counter.COOKIE_SENT)).isZero();
    }

    private void bringCookie(ResumeByHand request) {
        deliver(request);
        Datagram answer = r.world.carried().getLast();
        assertThat(answer.to()).isEqualTo(request.address());
        Payload.Notify cookie = Message.findNotify(answer.message().payloads(), NotifyType.COOKIE);
        assertThat(cookie).isNotNull();
        request.cookie = cookie == null ? null : cookie.data();
    }

    @Test
    void lookUpsUnderWayAreBounded() {
        ResumableSession first = s.connect();
        r.b();
        s.store.fallSilent();
        ResumeByHand request = r.byHand(first, 1);
        for (int i = 0; i < 2_000; i++) {
            request.spiI++;
            request.cookie = null;
            r.world.deliver(new Datagram(request.address(), r.b().address(), request.encode()));
            Datagram last = r.world.carried().getLast();
            Payload.Notify cookie =
                    last.to().equals(request.address())
                            ? Message.findNotify(last.message().payloads(), NotifyType.COOKIE)
                            : null;
            if (cookie != null) {
                request.cookie = cookie.data();
                r.world.deliver(new Datagram(request.address(), r.b().address(), request.encode()));
            }
        }
        assertThat(r.b().endpoint().size()).isEqualTo(1_024);
        assertThat(r.b().count(Counter.DROPPED_FETCH_LIMIT)).isPositive();
        r.world.advance(Duration.ofSeconds(2));
        assertThat(r.b().endpoint().size()).as("each look-up has a deadline").isZero();
    }

    @Test
    void aRetransmissionDuringTheLookUpIsPassedOverAndAfterItGetsTheSameAnswer() {
        ResumableSession first = s.connect();
        s.store.slowDown(50_000_000);
        ResumeByHand request = r.byHand(first, 1);
        byte[] octets = request.encode();
        r.world.deliver(new Datagram(request.address(), r.b().address(), octets));
        r.world.deliver(new Datagram(request.address(), r.b().address(), octets));
        r.world.settle();
        assertThat(s.store.asked(Ask.FetchSession.class)).hasSize(1);

        List<Datagram> again = request.send(r.world, r.b(), octets);

        assertThat(again).hasSize(1);
        assertThat(r.b().count(Counter.RETRANSMITTED_RESPONSE)).isEqualTo(1);
        assertThat(r.b().count(Counter.ESTABLISHED_RESUMED_1RTT)).isEqualTo(1);
    }

    @Test
    void deletingTheIkeSaRemovesItsRecord() {
        ResumableSession session = s.connect();
        r.client().give(new Input.Close(1, false));
        r.world.settle();
        assertThat(s.store.records().fetch(referenceOf(session), 0)).isNull();
    }

    @Test
    void theDeleteThatFollowsASwitchDoesNotEndTheSessionElsewhere() {
        ResumableSession session = s.connect();
        r.byHand(session, 1).answer(r.world, r.b());

        r.client().give(new Input.Close(1, false));
        r.world.settle();

        assertThat(s.store.records().fetch(referenceOf(session), 0))
                .as("gw-b has carried on with it")
                .isNotNull();
    }

    @Test
    void theRecordIsWrittenAnewAndToldHalfWayThroughItsLifetime() {
        ResumableSession session = s.connect();
        r.world.advance(Duration.ofSeconds(Suites.LIFETIME_SECONDS / 2 + 5));
        ResumableSession renewed = r.client().lastTicket();
        assertThat(renewed.ticket()).isEqualTo(session.ticket());
        assertThat(renewed.validUntil())
                .isGreaterThan(session.validUntil() + Suites.LIFETIME_SECONDS / 3);
        r.resume(r.b(), renewed);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aClientThatAsksForItGetsAReferenceAndOneThatDoesNotGetsATicket() {
        r.aSettings.resumption = Suites.BOTH_PROTOCOLS.storing(TicketStorage.AS_ASKED);
        assertThat(r.connect().isReference()).isFalse();
        r.settings.resumption = Suites.ONE_ROUND_TRIP.storing(TicketStorage.BY_REFERENCE);
        assertThat(r.connect().isReference()).isTrue();
    }

    @Test
    void aGatewayThatKeepsNothingGivesNoReference() {
        r.aSettings.resumption = Suites.BOTH_PROTOCOLS;
        r.settings.resumption = Suites.ONE_ROUND_TRIP.storing(TicketStorage.BY_REFERENCE);
        r.client().initiate(1, r.settings.profile(), r.a());
        r.world.settle();
        assertThat(r.client().events(Event.TicketReceived.class)).isEmpty();
        assertTunnel(r.client(), r.a());
    }

    @Test
    void aClientBelievesNoReferenceThatNamesAnotherIkeSa() {
        ResumableSession session = s.connect();
        r.resume(r.b(), session);
        int known = r.client().events(Event.TicketReceived.class).size();
        // The grant of the first IKE SA comes again under no key that this client still has.
        r.world.carried().stream()
                .filter(d -> d.header().exchange() == ExchangeType.INFORMATIONAL)
                .toList()
                .forEach(r.world::deliver);
        r.world.settle();
        assertThat(r.client().events(Event.TicketReceived.class)).hasSize(known);
    }
}
