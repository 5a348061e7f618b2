package dev.postern.ike.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.Entropy;
import dev.postern.ike.Counter;
import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Input;
import dev.postern.ike.Path;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.World;
import dev.postern.ticket.OpenResult;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.SealResult;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketRefusal;
import dev.postern.ticket.TicketSealer;
import dev.postern.wire.Identity;
import dev.postern.wire.NotifyType;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The list of what goes wrong with tickets, by its numbers in docs/vulnerabilities.md, against the
/// gateway as a whole.
class TicketThreatsTest {
    private final Resumption r = new Resumption(51);

    private void assertClearNackOrSilence(List<Datagram> answer) {
        for (Datagram datagram : answer) {
            assertThat(datagram.header().spiR()).isZero();
            assertThat(datagram.message().payloads())
                    .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        }
        assertThat(answer.size()).isLessThanOrEqualTo(1);
        assertThat(r.b().endpoint().size()).isZero();
    }

    private void assertNackUnderSk(ResumeByHand request, Counter counter) {
        assertThat(request.answer(r.world, r.b()))
                .singleElement()
                .isEqualTo(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(r.b().count(counter)).isEqualTo(1);
        assertThat(r.b().endpoint().size()).isZero();
    }

    @Test
    void threat02AfterARestartWithoutTheSharedKeyTheOldTicketIsRefused() {
        r.bSettings.tickets = World.sealer(2);
        ResumableSession ticket = r.connect();
        List<Datagram> answer = r.byHand(ticket, 1).send(r.world, r.b());
        assertThat(answer).hasSize(1);
        assertClearNackOrSilence(answer);
        assertThat(r.b().count(Counter.REFUSED_TICKET_NOT_OPENED)).isEqualTo(1);
    }

    @Test
    void threat03EveryFlippedBitOfATicketGetsANackAndNothingIsKept() {
        ResumableSession ticket = r.connect();
        byte[] good = ticket.ticket().array();
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            ResumeByHand request = r.byHand(ticket, 1);
            request.ticket = Octets.of(bad);
            request.spiI += bit;
            List<Datagram> answer = request.send(r.world, r.b());
            assertThat(answer).as("bit %d", bit).hasSize(1);
            assertClearNackOrSilence(answer);
        }
        assertThat(r.b().count(Counter.REFUSED_TICKET_NOT_OPENED)).isEqualTo(8L * good.length);
    }

    /// Whatever is wrong with a ticket: one answer of the same length, the same counter, no
    /// question to anybody, nothing kept and nothing to be done later.
    @Test
    void threat03WhateverIsWrongLooksTheSameFromOutside() {
        ResumableSession ticket = r.connect();
        byte[] good = ticket.ticket().array();
        Octets otherKind =
                Sessions.ticket(
                        World.sealer(1)
                                .seal(
                                        Sessions.with(
                                                Sessions.opened(ticket),
                                                Session.Kind.RFC_5723,
                                                ticket.session().secret().copy()),
                                        new SeededEntropy(3)));
        List<Octets> bad = new ArrayList<>(List.of(otherKind, Octets.of(new byte[good.length])));
        for (int at : new int[] {0, 7, 8, 9, 24, 25, good.length / 2, good.length - 1}) {
            byte[] wrong = good.clone();
            wrong[at] ^= (byte) 0x80;
            bad.add(Octets.of(wrong));
        }
        bad.add(Octets.of(Arrays.copyOf(good, good.length - 64)));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < bad.size(); i++) {
            ResumeByHand request = r.byHand(ticket, 1 + i);
            request.ticket = bad.get(i);
            List<Effect> effects =
                    r.b().give(
                                    new Input.Datagram(
                                            new Path(r.b().address(), request.address(), true),
                                            request.encode()));
            assertThat(effects).hasSize(1);
            if (effects.getFirst() instanceof Effect.Send send) {
                byte[] octets = send.octets().clone();
                Arrays.fill(octets, 0, 8, (byte) 0);
                seen.add(Octets.of(octets).hex());
            }
        }
        assertThat(seen).as("the answers, but for SPIi").hasSize(1);
        assertThat(r.b().count(Counter.REFUSED_TICKET_NOT_OPENED)).isEqualTo(bad.size());
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().endpoint().nextDeadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void threat04ATicketOfNoOrAnyLengthGetsANackOrSilence() {
        ResumableSession ticket = r.connect();
        byte[] good = ticket.ticket().array();
        for (int length :
                new int[] {0, 1, 8, 25, 41, 42, good.length - 1, good.length + 1, 60_000}) {
            ResumeByHand request = r.byHand(ticket, 1);
            request.ticket = Octets.of(Arrays.copyOf(good, length));
            request.spiI += length;
            assertClearNackOrSilence(request.send(r.world, r.b()));
        }
    }

    @Test
    void threat05ATicketOfAnUnknownKeyGetsANack() {
        ResumableSession ticket = r.connect();
        byte[] bad = ticket.ticket().array().clone();
        Arrays.fill(bad, 0, 8, (byte) 0x5a);
        ResumeByHand request = r.byHand(ticket, 1);
        request.ticket = Octets.of(bad);
        List<Datagram> answer = request.send(r.world, r.b());
        assertThat(answer).hasSize(1);
        assertClearNackOrSilence(answer);
    }

    @Test
    void threat06ATicketIsGoodUntilItsLastSecondAndNotOneLonger() {
        ResumableSession ticket = r.connect();
        r.world.advance(Duration.ofSeconds(Suites.LIFETIME_SECONDS - 1));
        assertThat(r.byHand(ticket, 1).answer(r.world, r.b()).size()).isGreaterThan(1);
        r.world.advance(Duration.ofSeconds(1));
        assertThat(r.byHand(ticket, 2).answer(r.world, r.b()))
                .containsExactly(Payload.Notify.of(NotifyType.TICKET_NACK));
        assertThat(r.b().count(Counter.REFUSED_TICKET_EXPIRED)).isEqualTo(1);
    }

    @Test
    void threat06ATicketIsNotGoodBeyondItsHardDeadlineHoweverLongItsLifetime() {
        ResumableSession ticket = r.connect();
        Session opened = Sessions.opened(ticket);
        long deadline = r.world.now().epochSeconds();
        ResumeByHand request = r.byHand(ticket, 1);
        request.ticket =
                Sessions.ticket(
                        World.sealer(1)
                                .seal(
                                        Sessions.withDeadline(opened, deadline),
                                        new SeededEntropy(5)));
        assertNackUnderSk(request, Counter.REFUSED_TICKET_EXPIRED);
    }

    @Test
    void threat08ATicketAfterARevokedCertificateIsRefused() {
        ResumableSession ticket = r.connect();
        Octets fingerprint = Octets.of(new SeededEntropy(6).octets(32));
        ResumeByHand request = r.byHand(ticket, 1);
        request.ticket =
                Sessions.ticket(
                        World.sealer(1)
                                .seal(
                                        Sessions.withCertificate(
                                                Sessions.opened(ticket), fingerprint),
                                        new SeededEntropy(7)));
        long now = r.world.now().epochSeconds();
        r.b().give(new Input.Revoke(new Revocation.OfCertificate(fingerprint, now)));
        assertNackUnderSk(request, Counter.REFUSED_TICKET_REVOKED);
    }

    @Test
    void threat08AUserWhoWasDisabledIsNotResumed() {
        ResumableSession ticket = r.connect();
        long now = r.world.now().epochSeconds();
        r.b().give(new Input.Revoke(new Revocation.OfIdentity(Identity.fqdn("c07.example"), now)));
        assertNackUnderSk(r.byHand(ticket, 1), Counter.REFUSED_TICKET_REVOKED);
    }

    /// Gateways, and the lives of each, that share the one source of randomness which never begins
    /// again, and the key: nothing else keeps their tickets apart.
    @Test
    void threat17NoTwoTicketsShareASaltNotEvenAcrossGatewaysAndRestarts() {
        SeededEntropy system = new SeededEntropy(17);
        Session session = Sessions.opened(r.connect());
        Set<Octets> salts = new HashSet<>();
        for (int life = 0; life < 8; life++) {
            TicketSealer gateway = World.sealer(1);
            for (int i = 0; i < 25; i++) {
                Octets ticket = Sessions.ticket(gateway.seal(session, system));
                assertThat(salts.add(ticket.slice(9, 25))).isTrue();
            }
        }
    }

    /// The tickets of one IKE SA too: each resume draws anew.
    @Test
    void threat17EachTicketOfASessionHasASaltOfItsOwn() {
        Set<Octets> salts = new HashSet<>();
        ResumableSession ticket = r.connect();
        for (int i = 0; i < 8; i++) {
            assertThat(salts.add(ticket.ticket().slice(9, 25))).isTrue();
            r.resume(i % 2 == 0 ? r.b() : r.a(), ticket);
            ticket = r.client().lastTicket();
        }
    }

    @Test
    void threat18NoSecretIsInWhatIsPrintedOfTicketsKeysAndSessions() {
        ResumableSession ticket = r.connect();
        Session opened = Sessions.opened(ticket);
        String secret = Octets.of(opened.secret().expose()).hex();
        String printed = ticket + " " + opened + " " + r.client().effects() + r.a().effects();
        assertThat(printed).doesNotContain(secret.substring(0, 12));
    }

    @Test
    void threat19SuccessiveTicketsOfAClientHaveNothingInCommonButTheKeysName() {
        ResumableSession first = r.connect();
        r.resume(r.b(), first);
        byte[] one = first.ticket().array();
        byte[] two = r.client().lastTicket().ticket().array();
        assertThat(Arrays.copyOf(one, 9)).isEqualTo(Arrays.copyOf(two, 9));
        int equal = 0;
        for (int i = 9; i < Math.min(one.length, two.length); i++) {
            equal += one[i] == two[i] ? 1 : 0;
        }
        assertThat(equal).as("octets alike by chance, 1 in 256").isLessThan(12);
        assertThat(Octets.of(two).hex()).doesNotContain(Octets.ofAscii("c07").hex());
        assertThat(one.length).isEqualTo(two.length);
    }

    /// Two clients whose names differ in length, at one gateway.
    @Test
    void threat19TheLengthOfATicketDoesNotTellWhoseItIs() {
        int length = r.connect().ticket().length();
        Resumption other = new Resumption(52);
        other.settings.identity = Identity.fqdn("q.example");
        other.aSettings.keys.put(other.settings.identity, other.settings.preSharedKey);
        assertThat(other.connect().ticket().length()).isEqualTo(length);
        assertThat(length % 64).isZero();
    }

    @Test
    void aSessionThatDoesNotFitIntoATicketGoesWithoutOneAndStands() {
        r.aSettings.tickets = new Unfit();
        r.client().initiate(1, r.settings.profile(), r.a());
        r.world.settle();
        assertThat(r.a().events(Event.IkeSaEstablished.class)).hasSize(1);
        assertThat(r.client().events(Event.IkeSaEstablished.class)).hasSize(1);
        assertThat(r.client().events(Event.TicketReceived.class)).isEmpty();
        assertThat(r.a().events(Event.TicketWithheld.class))
                .singleElement()
                .satisfies(told -> assertThat(told.reason()).contains("octets"));
        assertThat(r.a().count(Counter.TICKETS_UNFIT)).isEqualTo(1);
        assertThat(r.a().count(Counter.INTERNAL_ERROR)).isZero();
    }

    /// A gateway whose sessions never fit.
    private static final class Unfit implements TicketSealer {
        @Override
        public SealResult seal(Session session, Entropy entropy) {
            return new SealResult.Unfit("the ticket would have 9000 octets");
        }

        @Override
        public OpenResult open(Octets ticket, Session.Kind kind) {
            return new OpenResult.Refused(TicketRefusal.UNKNOWN_KEY);
        }
    }
}
