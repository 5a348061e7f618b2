package dev.postern.ike.profile;

import static dev.postern.ike.world.InitiatorByHand.onlyNotify;
import static dev.postern.ike.world.Tunnels.assertTunnel;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.postern.ike.Counter;
import dev.postern.ike.EndpointConfiguration.Limits;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.RetransmissionSchedule;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.Datagram;
import dev.postern.ike.world.Fate;
import dev.postern.ike.world.Node;
import dev.postern.ike.world.ResumeByHand;
import dev.postern.ike.world.Tunnels;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.NotifyType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a gateway has resumed is provisional until a packet or a request verifies under the new
/// keys: it sends nothing, displaces nothing, is bounded, and expires.
class Section_6_3_Provisional {
    private final Resumption r = new Resumption(19);

    private static Limits limits(int provisional, int perSession) {
        return new Limits(
                1_000,
                20_000,
                30 * Now.NANOS_PER_SECOND,
                provisional,
                perSession,
                30 * Now.NANOS_PER_SECOND);
    }

    /// A resume whose answer the client never sees.
    private ResumableSession unconfirmed(Node gateway) {
        ResumableSession ticket = r.connect();
        r.byHand(ticket, 1).answer(r.world, gateway);
        return ticket;
    }

    @Test
    void itSealsNothingUntilItIsConfirmed() {
        unconfirmed(r.b());
        ChildSaInstallation child = r.b().installed().getFirst();
        assertThat(r.b().isActive(child)).isFalse();
        assertThat(r.b().lastEstablished().provisional()).isTrue();
        assertThat(r.b().events(Event.SessionConfirmed.class)).isEmpty();
    }

    @Test
    void aPacketConfirmsIt() {
        unconfirmed(r.b());
        ChildSaInstallation child = r.b().installed().getFirst();

        r.b().give(new Input.PacketVerified(child.inboundSpi()));

        assertThat(r.b().isActive(child)).isTrue();
        assertThat(r.b().events(Event.SessionConfirmed.class)).hasSize(1);
        assertThat(r.b().count(Counter.CONFIRMED_PROVISIONAL)).isEqualTo(1);
        assertThat(r.b().endpoint().provisional()).isZero();
    }

    @Test
    void anAuthenticRequestConfirmsIt() {
        r.resume(r.b(), r.connect());
        assertThat(r.b().events(Event.SessionConfirmed.class)).hasSize(1);
        assertThat(r.b().isActive(r.b().installed().getFirst())).isTrue();
    }

    @Test
    void aForgedRequestDoesNotConfirmIt() {
        ResumableSession ticket = r.connect();
        r.world.setFate(d ->
                d.from().equals(r.client().address())
                                && d.header().exchange() == ExchangeType.INFORMATIONAL
                        ? Fate.lost()
                        : Fate.delivered());
        r.resume(r.b(), ticket);
        Datagram confirmation = r.world.carried().getLast();
        byte[] forged = confirmation.octets().clone();
        forged[forged.length - 1] ^= 1;

        r.world.deliver(confirmation.with(forged));

        assertThat(r.b().events(Event.SessionConfirmed.class)).isEmpty();
        r.world.deliver(confirmation);
        assertThat(r.b().events(Event.SessionConfirmed.class)).hasSize(1);
    }

    @Test
    void aSecondPacketConfirmsNothingTwice() {
        unconfirmed(r.b());
        int spi = r.b().installed().getFirst().inboundSpi();
        r.b().give(new Input.PacketVerified(spi));
        r.b().give(new Input.PacketVerified(spi));
        assertThat(r.b().events(Event.SessionConfirmed.class)).hasSize(1);
    }

    @Test
    void itSendsNothingButItsResponseWhateverIsAskedOfIt() {
        unconfirmed(r.b());
        int before = r.world.carried().size();
        long handle = r.b().lastEstablished().handle();

        r.b().give(new Input.Probe(handle, RetransmissionSchedule.QUICK));
        r.world.advance(Duration.ofSeconds(5));
        r.b().give(new Input.Close(handle, false));

        assertThat(r.world.carried()).hasSize(before);
        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().installed()).isEmpty();
    }

    @Test
    void itExpiresAfterThirtySeconds() {
        unconfirmed(r.b());
        r.world.advance(Duration.ofMillis(29_990));
        assertThat(r.b().endpoint().provisional()).isEqualTo(1);

        r.world.advance(Duration.ofMillis(20));

        assertThat(r.b().endpoint().size()).isZero();
        assertThat(r.b().installed()).isEmpty();
        assertThat(r.b().count(Counter.EXPIRED_PROVISIONAL)).isEqualTo(1);
        assertThat(r.b().lastClosed().reason()).isEqualTo(CloseReason.TIMED_OUT);
    }

    @Test
    void itDisplacesItsPredecessorOnlyWhenItIsConfirmed() {
        ResumableSession ticket = r.connect();
        r.byHand(ticket, 1)
                .replace(
                        dev.postern.wire.Payload.IdResponder.class,
                        new dev.postern.wire.Payload.IdResponder(Resumption.A))
                .answer(r.world, r.a());
        assertThat(r.a().installed()).hasSize(2);
        assertThat(r.a().isActive(r.a().installed().getFirst())).isTrue();
        Tunnels.assertMirrored(r.client().installed().getFirst(), r.a().installed().getFirst());

        r.a().give(new Input.PacketVerified(r.a().installed().getLast().inboundSpi()));

        assertThat(r.a().installed()).hasSize(1);
        assertThat(r.a().lastClosed().reason()).isEqualTo(CloseReason.SUPERSEDED);
        assertThat(r.a().isActive(r.a().installed().getFirst())).isTrue();
    }

    @Test
    void anUnconfirmedCopyLeavesItsPredecessorInPeaceWhenItExpires() {
        ResumableSession ticket = r.connect();
        r.byHand(ticket, 1)
                .replace(
                        dev.postern.wire.Payload.IdResponder.class,
                        new dev.postern.wire.Payload.IdResponder(Resumption.A))
                .answer(r.world, r.a());
        r.world.advance(Duration.ofSeconds(31));

        assertThat(r.a().installed()).hasSize(1);
        assertTunnel(r.client(), r.a());
        assertThat(r.a().endpoint().size()).isEqualTo(1);
    }

    @Test
    void aReplayedRequestIsHarmlessWhileItsFirstAnswerLasts() {
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        Datagram request = requestToB();
        int before = r.world.carried().size();
        for (int i = 0; i < 100; i++) {
            r.world.deliver(request);
        }
        r.world.settle();
        assertThat(r.world.carried()).hasSize(before);
        assertThat(r.b().endpoint().size()).isEqualTo(1);
        assertTunnel(r.client(), r.b());
    }

    @Test
    void aRequestReplayedAtAnotherGatewayBecomesAnEntryThatExpires() {
        r.settings.namedGateway = null;
        ResumableSession ticket = r.connect();
        r.resume(r.b(), ticket);
        Datagram request = requestToB();
        // The domain is named in this request, so another member may answer as well.
        r.world.deliver(new Datagram(request.from(), r.a().address(), request.octets()));
        r.world.settle();

        assertThat(r.a().endpoint().provisional()).isEqualTo(1);
        assertTunnel(r.client(), r.b());
        assertThat(r.client().events(Event.IkeSaEstablished.class)).hasSize(2);
        r.world.advance(Duration.ofSeconds(31));
        assertThat(r.a().endpoint().provisional()).isZero();
        assertThat(r.a().events(Event.SessionConfirmed.class)).isEmpty();
        assertThat(r.a().endpoint().size()).as("the old IKE SA is untouched").isEqualTo(1);
    }

    @Test
    void aRequestThatNamesItsGatewayIsWorthNothingAtAnother() {
        ResumableSession ticket = r.connect();
        r.settings.namedGateway = Resumption.B;
        r.resume(r.b(), ticket);
        Datagram request = requestToB();
        r.world.deliver(new Datagram(request.from(), r.a().address(), request.octets()));
        r.world.settle();

        assertThat(r.a().endpoint().provisional()).isZero();
        assertThat(r.a().count(Counter.REFUSED_TICKET_IDENTITY)).isEqualTo(1);
    }

    private Datagram requestToB() {
        for (Datagram datagram : r.world.carried()) {
            if (datagram.to().equals(r.b().address())
                    && datagram.header().exchange() == ExchangeType.IKE_SESSION_RESUME_1RTT) {
                return datagram;
            }
        }
        throw new AssertionError("no resume request was sent to gw-b");
    }

    @Test
    void aFewCopiesOfOneSessionAreKeptAndNoMore() {
        r.bSettings.limits = limits(50_000, 2);
        ResumableSession ticket = r.connect();
        r.byHand(ticket, 1).answer(r.world, r.b());
        r.byHand(ticket, 2).answer(r.world, r.b());

        assertThat(onlyNotify(r.byHand(ticket, 3).answer(r.world, r.b())))
                .isEqualTo(NotifyType.TEMPORARY_FAILURE.code());
        assertThat(r.b().count(Counter.REFUSED_TICKET_BUSY)).isEqualTo(1);
        assertThat(r.b().endpoint().provisional()).isEqualTo(2);
        r.world.advance(Duration.ofSeconds(31));
        assertThat(r.byHand(ticket, 4).answer(r.world, r.b())).hasSizeGreaterThan(1);
    }

    /// Somebody who has recorded every resume of a client that came and parked its session replays
    /// them all.
    @Test
    void replayedRequestsLockNobodyOut() {
        ResumableSession ticket = r.connect();
        for (int i = 0; i < 4; i++) {
            r.resume(r.b(), ticket);
            ticket = requireNonNull(r.client().lastTicket());
            r.client().give(new Input.Park(r.client().lastEstablished().handle()));
            r.world.settle();
            r.world.advance(Duration.ofSeconds(40));
        }
        List<Datagram> recorded = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (Datagram sent : r.world.carried()) {
            if (sent.to().equals(r.b().address())
                    && sent.header().exchange() == ExchangeType.IKE_SESSION_RESUME_1RTT
                    && seen.add(sent.header().spiI())) {
                recorded.add(sent);
            }
        }
        recorded.forEach(r.world::deliver);
        r.world.settle();
        assertThat(r.b().endpoint().provisional()).isEqualTo(recorded.size()).isEqualTo(4);
        int before = r.client().events(Event.IkeSaEstablished.class).size();

        r.resume(r.b(), ticket);

        assertThat(r.client().events(Event.IkeSaEstablished.class)).hasSize(before + 1);
    }

    /// Copies of one count keep the next of the same count out, and give way to the next count.
    @Test
    void whoFindsNoRoomGetsInUnderTheNextCount() {
        r.bSettings.limits = limits(50_000, 2);
        ResumableSession ticket = r.connect();
        r.byHand(ticket, 1).answer(r.world, r.b());
        r.byHand(ticket, 2).answer(r.world, r.b());
        int before = r.client().events(Event.IkeSaEstablished.class).size();
        r.resume(r.b(), ticket);
        assertThat(r.client().events(Event.IkeSaEstablished.class)).hasSize(before);
        assertThat(r.client().events(Event.IkeSaClosed.class).getLast().reason())
                .isEqualTo(Event.CloseReason.TEMPORARY_FAILURE);

        r.resume(r.b(), ticket.raised());

        assertThat(r.client().events(Event.IkeSaEstablished.class)).hasSize(before + 1);
    }

    @Test
    void oneOfALowerCountEndsForOneOfAHigherAndTheyDoNotGrowInNumber() {
        r.bSettings.limits = limits(50_000, 2);
        ResumableSession ticket = r.connect();
        for (int count = 1; count <= 5; count++) {
            assertThat(r.byHand(ticket, count).count(count).answer(r.world, r.b()))
                    .hasSizeGreaterThan(1);
        }
        assertThat(r.b().endpoint().provisional()).isEqualTo(2);
        assertThat(r.b().installed()).hasSize(2);
    }

    @Test
    void copiesThatWaitForTheirAddressCountAsWell() {
        r.bSettings.limits = limits(50_000, 2);
        ResumableSession ticket = r.connect();
        r.b().pool().fallSilent();
        assertThat(r.byHand(ticket, 1).send(r.world, r.b())).isEmpty();
        assertThat(r.byHand(ticket, 2).send(r.world, r.b())).isEmpty();

        assertThat(onlyNotify(r.byHand(ticket, 3).answer(r.world, r.b())))
                .isEqualTo(NotifyType.TEMPORARY_FAILURE.code());
    }

    @Test
    void theWholeGatewayKeepsABoundedNumber() {
        r.bSettings.limits = limits(3, 100);
        ResumableSession ticket = r.connect();
        for (int i = 1; i <= 3; i++) {
            r.byHand(ticket, i).answer(r.world, r.b());
        }
        assertThat(r.byHand(ticket, 4).send(r.world, r.b())).isEmpty();
        assertThat(r.b().count(Counter.DROPPED_PROVISIONAL_LIMIT)).isEqualTo(1);
        assertThat(r.b().endpoint().provisional()).isEqualTo(3);
    }

    @Test
    void confirmingOneCopyEndsTheOthers() {
        ResumableSession ticket = r.connect();
        r.byHand(ticket, 1).answer(r.world, r.b());
        r.byHand(ticket, 2).answer(r.world, r.b());
        r.byHand(ticket, 3).answer(r.world, r.b());

        r.b().give(new Input.PacketVerified(r.b().installed().get(1).inboundSpi()));

        assertThat(r.b().installed()).hasSize(1);
        assertThat(r.b().endpoint().size()).isEqualTo(1);
        assertThat(r.b().endpoint().provisional()).isZero();
    }

    @Test
    void oneAttemptRevivesTheSessionOnceHoweverItsRequestIsSealed() {
        ResumableSession ticket = r.connect();
        ResumeByHand request = r.byHand(ticket, 1);
        byte[] octets = request.encode();
        Datagram first = request.send(r.world, r.b(), octets).getFirst();
        Datagram again = request.send(r.world, r.b(), octets).getFirst();
        assertThat(again.octets()).isEqualTo(first.octets());

        byte[] anew = request.encode();
        assertThat(anew).isNotEqualTo(octets);
        assertThat(request.send(r.world, r.b(), anew).getFirst().octets())
                .isEqualTo(first.octets());
        assertThat(r.b().count(Counter.ESTABLISHED_RESUMED_1RTT)).isEqualTo(1);
    }

    /// Nobody takes another's place by coming first under its SPIi (RFC 7296 section 2.1).
    @Test
    void twoSessionsResumeUnderTheSameSpi() {
        ResumableSession one = r.connect();
        ResumableSession other = r.connect();
        ResumeByHand first = r.byHand(one, 1);
        ResumeByHand second = r.byHand(other, 2);
        second.spiI = first.spiI;

        first.answer(r.world, r.b());
        second.answer(r.world, r.b());

        assertThat(r.b().count(Counter.ESTABLISHED_RESUMED_1RTT)).isEqualTo(2);
        assertThat(r.b().installed()).hasSize(2);
    }
}
