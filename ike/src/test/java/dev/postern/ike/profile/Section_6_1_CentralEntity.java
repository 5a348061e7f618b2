package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.LifePolicy;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.TicketServiceByHand;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.ServedTickets;
import dev.postern.ticket.Session;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.List;

/// Gateways without keys: the central entity of the secure domain encrypts and decrypts the tickets
/// (draft-dondeti-ipsec-failover-sol-00 section 6.1, last bullet but one).
class Section_6_1_CentralEntity {
    private static final long MILLISECOND = 1_000_000;

    private final Resumption r = new Resumption(61);
    private final TicketServiceByHand service = new TicketServiceByHand("vpn.example");

    Section_6_1_CentralEntity() {
        r.aSettings.tickets = new ServedTickets();
        r.bSettings.tickets = new ServedTickets();
    }

    private Node a() {
        Node a = r.a();
        a.seatTicketService(service);
        return a;
    }

    private Node b() {
        Node b = r.b();
        b.seatTicketService(service);
        return b;
    }

    private ResumableSession connect() {
        a();
        return r.connect();
    }

    private void assertNacked(ResumeByHand request, Node gateway) {
        List<Datagram> back = request.send(r.world, gateway);
        assertThat(back).hasSize(1);
        assertThat(onlyNotify(back.getFirst().message().payloads()))
                .isEqualTo(NotifyType.TICKET_NACK.code());
    }

    @Test
    void theServiceSealsAtOneGatewayAndOpensAtAnother() {
        ResumableSession first = connect();
        r.resume(b(), first);

        assertTunnel(r.client(), r.b());
        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(r.client().lastTicket().ticket()).isNotEqualTo(first.ticket());
        assertThat(service.asked(Ask.OpenTicket.class)).isEqualTo(1);
        assertThat(service.asked(Ask.SealTicket.class)).isEqualTo(2);
        assertThat(r.b().count(Counter.CONFIRMED_PROVISIONAL)).isEqualTo(1);
    }

    @Test
    void aTicketOfTheServiceIsTheTicketOfAGatewayThatHoldsItsKey() {
        ResumableSession first = connect();
        r.bSettings.tickets = World.sealer(1);
        r.resume(r.b(), first);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aChainOfResumesGoesOn() {
        ResumableSession session = connect();
        for (int i = 1; i <= 6; i++) {
            r.resume(i % 2 == 0 ? a() : b(), session);
            assertThat(r.client().lastEstablished().gatewaySwitchCount()).isEqualTo(i);
            session = r.client().lastTicket();
        }
    }

    @Test
    void clientsOfRfc5723ResumeToo() {
        r.settings.resumption = Suites.RFC_5723;
        ResumableSession ticket = connect();
        assertThat(ticket.session().kind()).isEqualTo(Session.Kind.RFC_5723);
        r.resume(b(), ticket);

        assertTunnel(r.client(), r.b());
        assertThat(r.client().lastEstablished().origin()).isEqualTo(Event.Origin.RESUMED_RFC_5723);
        assertThat(r.client().lastTicket().ticket()).isNotEqualTo(ticket.ticket());
    }

    @Test
    void aSlowServiceDelaysAResumeAndNothingElse() {
        ResumableSession first = connect();
        service.slowDown(300 * MILLISECOND);
        r.resume(b(), first);
        assertTunnel(r.client(), r.b());
        assertThat(r.client().lastTicket().ticket()).isNotEqualTo(first.ticket());
    }

    @Test
    void aServiceThatIsSilentMeansATicketNackAndAFullExchange() {
        ResumableSession first = connect();
        b();
        service.fallSilent();
        r.begin(r.b(), first);
        r.world.advance(Duration.ofSeconds(5));

        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
        assertThat(r.b().count(Counter.REFUSED_TICKET_SERVICE)).isPositive();
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().endpoint().halfOpen()).isZero();
    }

    @Test
    void aFullExchangeNeedsNoServiceAndItsTicketFollowsWhenTheServiceIsBack() {
        a();
        service.fallSilent();
        r.client().initiate(1, r.settings.profile(), r.a());
        r.world.advance(Duration.ofSeconds(3));
        assertTunnel(r.client(), r.a());
        assertThat(r.client().events(Event.TicketReceived.class)).isEmpty();
        assertThat(r.a().count(Counter.TICKETS_NOT_SEALED)).isPositive();

        service.speakAgain();
        r.world.advance(Duration.ofSeconds(30));

        assertThat(r.client().events(Event.TicketReceived.class)).hasSize(1);
        r.resume(b(), r.client().lastTicket());
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aTicketThatIsNotSealedInTimeIsLeftOutOfTheAnswerToAResume() {
        ResumableSession first = connect();
        b();
        service.lie(answer ->
                answer instanceof Answer.TicketSealed
                        ? new Answer.TicketServiceUnavailable()
                        : answer);
        r.resume(r.b(), first);
        assertTunnel(r.client(), r.b());
        assertThat(r.client().events(Event.TicketReceived.class)).hasSize(1);
        assertThat(r.b().count(Counter.TICKETS_NOT_SEALED)).isEqualTo(1);
    }

    @Test
    void anAnswerThatComesTooLateIsNobodys() {
        ResumableSession first = connect();
        b();
        service.slowDown(1_500 * MILLISECOND);
        r.begin(r.b(), first);
        r.world.advance(Duration.ofSeconds(10));
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
    }

    @Test
    void anAnswerThatComesTwiceCountsOnce() {
        service.repeat(2);
        ResumableSession first = connect();
        r.resume(b(), first);
        assertTunnel(r.client(), r.b());
        assertThat(r.b().endpoint().size()).isEqualTo(1);
    }

    @Test
    void aRetransmissionIsPassedOverWhileTheServiceIsAsked() {
        ResumableSession first = connect();
        b();
        service.slowDown(50 * MILLISECOND);
        r.world.setFate(_ -> Fate.twice());
        r.resume(r.b(), first);
        assertTunnel(r.client(), r.b());
        assertThat(service.asked(Ask.OpenTicket.class)).isEqualTo(1);
    }

    @Test
    void whatTheServiceRefusesIsNacked() {
        ResumableSession first = connect();
        b();
        service.revocations()
                .add(
                        new Revocation.OfEverything(r.world.now().epochSeconds() + 1),
                        r.world.now().epochSeconds());
        assertNacked(r.byHand(first, 1), r.b());
        assertThat(r.b().count(Counter.REFUSED_TICKET_NOT_OPENED)).isEqualTo(1);
    }

    @Test
    void theServiceOpensTicketsOfItsOwnDomainOnly() {
        ResumableSession first = connect();
        b().seatTicketService(new TicketServiceByHand("other.example"));
        r.begin(r.b(), first);
        r.world.advance(Duration.ofSeconds(3));
        assertThat(r.client().lastClosed().reason()).isEqualTo(CloseReason.TICKET_REFUSED);
        assertThat(r.b().count(Counter.REFUSED_TICKET_NOT_OPENED)).isPositive();
    }

    @Test
    void aServiceThatHandsOutAnotherDomainsSessionIsNotBelieved() {
        ResumableSession first = connect();
        r.bSettings.domain = "other.example";
        r.resume(b(), first);
        // Perhaps another gateway was meant: the client waits for its answer.
        r.world.advance(Duration.ofMillis(181));
        assertThat(r.client().lastClosed().reason()).isNotNull();
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().count(Counter.ESTABLISHED_RESUMED_1RTT)).isZero();
    }

    @Test
    void aServiceThatHandsOutAnotherSessionEndsAtTheSeal() {
        ResumableSession first = connect();
        ResumableSession second = r.connect();
        Answer.TicketOpened[] stolen = new Answer.TicketOpened[1];
        b();
        service.lie(answer -> {
            if (answer instanceof Answer.TicketOpened opened) {
                stolen[0] = new Answer.TicketOpened(opened.chain().copy());
            }
            return answer;
        });
        r.byHand(first, 1).answer(r.world, r.b());
        service.lie(_ -> stolen[0]);

        assertThat(r.byHand(second, 2).send(r.world, r.b())).isEmpty();
        assertThat(r.b().count(Counter.DROPPED_NOT_AUTHENTIC)).isEqualTo(1);
    }

    @Test
    void aSessionOfTheOtherKindIsRefused() {
        r.settings.resumption = Suites.RFC_5723;
        ResumableSession opaque = connect();
        Answer.TicketOpened[] kept = new Answer.TicketOpened[1];
        b();
        service.lie(answer -> {
            if (answer instanceof Answer.TicketOpened opened) {
                kept[0] = new Answer.TicketOpened(opened.chain().copy());
            }
            return answer;
        });
        r.resume(r.b(), opaque);
        r.settings.resumption = Suites.BOTH_PROTOCOLS;
        service.lie(answer -> answer);
        ResumableSession oneRoundTrip = r.connect();
        service.lie(_ -> kept[0]);

        assertNacked(r.byHand(oneRoundTrip, 1), r.b());
    }

    @Test
    void garbageFromTheServiceIsSurvived() {
        ResumableSession first = connect();
        b();
        SeededEntropy entropy = new SeededEntropy(9);
        for (int length : new int[] {0, 1, 40, 400, 9000}) {
            byte[] garbage = entropy.octets(length);
            service.lie(_ -> new Answer.TicketOpened(SecretBytes.copyOf(garbage)));
            assertNacked(r.byHand(first, length), r.b());
            service.lie(_ -> new Answer.TicketSealed(Octets.of(garbage)));
            assertNacked(r.byHand(first, length + 1), r.b());
        }
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void anAnswerOfAnotherKindIsNoAnswer() {
        ResumableSession first = connect();
        b();
        service.lie(_ -> new Answer.StoreUnavailable());
        assertNacked(r.byHand(first, 1), r.b());
    }

    @Test
    void whatCannotBeATicketIsRefusedWithoutAsking() {
        ResumableSession first = connect();
        var request = r.byHand(first, 1);
        request.ticket = Octets.of(new byte[40]);
        assertNacked(request, b());
        assertThat(service.asked(Ask.OpenTicket.class)).isZero();
    }

    @Test
    void manyOpeningsAtOnceNeedACookieAndAreBounded() {
        ResumableSession first = connect();
        b();
        service.fallSilent();
        for (int i = 0; i < 10_000; i++) {
            var request = r.byHand(first, i % 100);
            request.spiI = 0x1000L + i;
            r.world.deliver(new Datagram(request.address(), r.b().address(), request.encode()));
        }
        assertThat(r.b().endpoint().size()).isEqualTo(512);
        assertThat(r.b().count(Counter.COOKIE_SENT)).isEqualTo(10_000 - 512);
    }

    @Test
    void copiesThatWaitForTheirAddressCountAsWell() {
        r.bSettings.limits = new Limits(1_000, 20_000, MILLISECOND, 50_000, 2, MILLISECOND);
        ResumableSession ticket = connect();
        b().pool().fallSilent();
        assertThat(r.byHand(ticket, 1).send(r.world, r.b())).isEmpty();
        assertThat(r.byHand(ticket, 2).send(r.world, r.b())).isEmpty();

        assertThat(onlyNotify(r.byHand(ticket, 3).answer(r.world, r.b())))
                .isEqualTo(NotifyType.TEMPORARY_FAILURE.code());
    }

    @Test
    void theTicketAfterARekeyingFollowsByItself() {
        connect();
        r.client().give(new Input.RekeyIkeSa(1));
        r.world.settle();

        ResumableSession fresh = r.client().lastTicket();
        assertThat(fresh.session().generation()).isEqualTo(1);
        r.resume(b(), fresh);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aLostAnswerAfterARekeyingIsGivenUpAndAskedForAgain() {
        connect();
        service.fallSilent();
        r.client().give(new Input.RekeyIkeSa(1));
        r.world.advance(Duration.ofSeconds(2));
        assertThat(r.a().count(Counter.TICKETS_NOT_SEALED)).isEqualTo(1);
        service.speakAgain();
        r.world.advance(Duration.ofSeconds(30));

        assertThat(r.client().lastTicket().session().generation()).isEqualTo(1);
    }

    /// What the client is told is what the sealed session says: the end of its authentication is
    /// the end of its ticket (RFC 5723 sections 5 and 6.2), for who has its tickets sealed as for
    /// who seals them.
    @ParameterizedTest
    @EnumSource(Session.Kind.class)
    void theLifetimeThatIsToldEndsWithTheAuthentication(Session.Kind kind) {
        boolean opaque = kind == Session.Kind.RFC_5723;
        r.settings.resumption = opaque ? Suites.RFC_5723 : Suites.ONE_ROUND_TRIP;
        r.aSettings.life = LifePolicy.UNLIMITED.withReauthentication(600);
        long end = r.world.now().epochSeconds() + 600;
        assertEndsWithItsSession(connect(), end);

        r.a().give(new Input.RekeyIkeSa(r.a().lastEstablished().handle()));
        r.world.settle();

        assertThat(r.client().lastTicket().session().generation()).isEqualTo(opaque ? 0 : 1);
        assertEndsWithItsSession(r.client().lastTicket(), end);
    }

    /// The exchange has lasted a second at most.
    private static void assertEndsWithItsSession(ResumableSession ticket, long end) {
        assertThat(ticket.validUntil()).isBetween(end, end + 1);
        assertThat(World.sealer(1).open(ticket.ticket(), ticket.session().kind()))
                .isInstanceOfSatisfying(
                        OpenedTicket.class,
                        opened ->
                                assertThat(opened.session().expiresAt())
                                        .isEqualTo(ticket.validUntil()));
    }
}
