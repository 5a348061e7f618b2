package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.Suites;
import dev.postern.ike.world.TicketsByHand;
import dev.postern.ike.world.World;
import dev.postern.ticket.Revocation;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/// draft-dondeti-ipsec-failover-sol-00 section 4.2 and the failover profile, "What a client may
/// never do".
final class FailoverClientTest {
    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');

    @Test
    void theFirstGatewayIsConnectedToByAFullExchange() {
        Neighbourhood net = connected();
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchCompleted.class).getFirst().origin())
                .isEqualTo(Event.Origin.FULL_EXCHANGE);
    }

    @Test
    void aSilentGatewayIsReplacedByAResumeAtTheNextOne() {
        Neighbourhood net = connected();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(2));
        assertThat(net.current()).isEqualTo(b.name());
        Event.SwitchCompleted last = net.all(Event.SwitchCompleted.class).getLast();
        assertThat(last.origin()).isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(last.addressChanged()).isFalse();
    }

    /// A third member hangs, and until the others miss it nobody knows whose the address is. The
    /// client asks the same gateway again, and neither turns to another one, where it would get
    /// another address, nor runs a full exchange.
    @Test
    void aGatewayWhoseClusterIsUndecidedForFourSecondsIsStayedWith() {
        Neighbourhood net = new Neighbourhood(a, b, new GatewaySettings('c'));
        net.start();
        net.cutOff(a);
        net.undecided.add(b.address());
        net.suspect();
        net.pass(Duration.ofSeconds(6));
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(1);
        net.undecided.clear();
        net.pass(Duration.ofSeconds(1));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
        assertThat(net.exchangesSent.stream().filter(ExchangeType.IKE_SA_INIT::equals)).hasSize(1);
    }

    @Test
    void aSuspicionAloneMovesNobody() {
        Neighbourhood net = connected();
        net.suspect();
        net.pass(Duration.ofSeconds(10));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
    }

    @Test
    void aLivingGatewayIsLeftAMomentLaterForPacketsThatAreOnTheirWay() {
        Neighbourhood net = connected();
        net.switchTo(b.name());
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.sessionsAt(a)).isEqualTo(1);
        net.pass(Duration.ofSeconds(2));
        assertThat(net.sessionsAt(a)).isZero();
    }

    @Test
    void movesWithinThatMomentLeaveNothingBehind() {
        Neighbourhood net = connected();
        for (int i = 0; i < 3; i++) {
            net.switchTo(b.name());
            net.switchTo(a.name());
        }
        net.pass(Duration.ofSeconds(2));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.sessionsAt(a)).isEqualTo(1);
        assertThat(net.sessionsAt(b)).isZero();
    }

    /// RFC 4555 section 3.5: the gateway that goes on to serve us is told.
    @Test
    void anotherAddressOfOursInTheMiddleOfAnAttemptIsToldAfterIt() {
        Neighbourhood net = connected();
        net.cutOff(b);
        net.switchTo(b.name());
        net.moved();
        assertThat(net.exchangesSent).doesNotContain(ExchangeType.INFORMATIONAL);
        net.pass(Duration.ofMinutes(2));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.exchangesSent).contains(ExchangeType.INFORMATIONAL);
        int told = net.exchangesSent.size();
        net.pass(Duration.ofMinutes(2));
        assertThat(net.exchangesSent).as("once").hasSize(told);
    }

    @Test
    void oneSuspicionIsOneCheck() {
        Neighbourhood net = connected();
        net.cutOff(a);
        for (int i = 0; i < 20; i++) {
            net.suspect();
        }
        assertThat(net.all(Event.GatewaySuspected.class)).hasSize(1);
    }

    @Test
    void newsThatNobodyHasProvenStartOneCheckInTenSecondsAndMoveNobody() {
        Neighbourhood net = connected();
        for (int i = 0; i < 200; i++) {
            net.unreachable();
            net.pass(Duration.ofMillis(100));
        }
        assertThat(net.all(Event.GatewaySuspected.class)).hasSize(2);
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
        net.pass(Duration.ofSeconds(10));
        net.cutOff(a);
        net.unreachable();
        net.pass(Duration.ofSeconds(3));
        assertThat(net.current()).isEqualTo(b.name());
    }

    @Test
    void theSilentGatewaysIkeSaStaysUntilItsReplacementStands() {
        Neighbourhood net = connected();
        net.cutOff(a);
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofSeconds(3));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.IkeSaClosed.class)).noneMatch(closed -> closed.handle() == 1);
    }

    @Test
    void aGatewayThatAnswersAfterAllIsStayedWith() {
        Neighbourhood net = connected();
        net.cutOff(a);
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofSeconds(2));
        net.reconnect(a);
        net.pass(Duration.ofMinutes(2));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().to()).isEqualTo(a.name());
    }

    @Test
    void aRefusedTicketLeadsToAFullExchangeWithTheSameGateway() {
        b.tickets = World.sealer(2);
        Neighbourhood net = connected();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertThat(net.all(Event.IkeSaClosed.class))
                .anyMatch(closed -> closed.reason() == Event.CloseReason.TICKET_REFUSED);
    }

    @Test
    void aGatewayThatRestartedWithoutMemoryIsResumedTo() {
        Neighbourhood net = connected();
        net.cutOff(b);
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofMillis(1_600));
        net.restart(a);
        net.pass(Duration.ofSeconds(5));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    /// Also while the client, tired of silence, asks for a full exchange.
    @ParameterizedTest
    @ValueSource(ints = {1_000, 2_500, 4_000, 5_500, 7_000, 8_500, 10_000, 11_500, 13_000, 14_500})
    void aGatewayThatComesBackAtAnyMomentIsResumedTo(int millis) {
        Neighbourhood net = connected();
        net.cutOff(b);
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofMillis(millis));
        net.restart(a);
        net.pass(Duration.ofSeconds(40));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
    }

    /// As where something on the way lets no resume through.
    @Test
    void aGatewayThatIsSilentToResumesAloneGetsAFullExchange() {
        Neighbourhood net = connected();
        net.cutOff(a);
        net.lost.add(ExchangeType.IKE_SESSION_RESUME_1RTT);
        net.suspect();
        net.pass(Duration.ofMinutes(1));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.FULL_EXCHANGE);
    }

    @Test
    void withoutATicketTheNextGatewayGetsAFullExchange() {
        a.resumption = Suites.RFC_5723;
        Neighbourhood net = connected();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(3));
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertThat(net.exchangesSent).doesNotContain(ExchangeType.IKE_SESSION_RESUME_1RTT);
    }

    @Test
    void aTicketIsNotPresentedAfterItsLifetime() {
        TicketsByHand tickets = new TicketsByHand();
        a.tickets = tickets;
        Neighbourhood net = connected();
        tickets.loseKey();
        net.pass(Duration.ofSeconds(Suites.LIFETIME_SECONDS + 1));
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.exchangesSent).doesNotContain(ExchangeType.IKE_SESSION_RESUME_1RTT);
    }

    /// Section 4.2.2: lost answers have used the counts up before the rekeying that sets them back.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSessionThatHasComeTo15IsFollowedByAFullExchangeAtOnce(boolean byReference) {
        ResumableSession held = connected().all(Event.TicketReceived.class).getLast().session();
        Neighbourhood net = new Neighbourhood(a, b);

        net.start(
                new ResumableSession(
                        held.session(), held.ticket(), held.validUntil(), byReference, 15));
        net.pass(Duration.ofMillis(100));

        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.IkeSaEstablished.class).getLast().origin())
                .isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertThat(net.exchangesSent).doesNotContain(ExchangeType.IKE_SESSION_RESUME_1RTT);
    }

    @Test
    void whenAllGatewaysAreGoneTheRoundsAreFarApart() {
        Neighbourhood net = connected();
        net.cutOff(a);
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofMinutes(30));
        int rounds = net.all(Event.RetryScheduled.class).size();
        assertThat(rounds).isBetween(10, 120);
        net.reconnect(b);
        net.pass(Duration.ofMinutes(2));
        assertThat(net.current()).isEqualTo(b.name());
    }

    /// Full jitter: the bound of the first wait is the configured one, and doubles from there.
    @Test
    void theFirstWaitIsWithinTheFirstBound() {
        Neighbourhood net = connected();
        net.cutOff(a);
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofMinutes(10));
        long bound = Now.NANOS_PER_SECOND;
        for (Event.RetryScheduled wait : net.all(Event.RetryScheduled.class)) {
            assertThat(wait.waitNanos()).isLessThanOrEqualTo(bound);
            bound = Math.min(30 * Now.NANOS_PER_SECOND, 2 * bound);
        }
        assertThat(bound).isEqualTo(30 * Now.NANOS_PER_SECOND);
    }

    @Test
    void aSwitchLeavesOneSessionAtTheNewGateway() {
        Neighbourhood net = connected();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(1));
        net.pass(Duration.ofSeconds(2));
        assertThat(net.sessionsAt(b)).isEqualTo(1);
        assertThat(net.sessionsAt(a)).isEqualTo(1);
    }

    @Test
    void stoppingDeletesTheSession() {
        Neighbourhood net = connected();
        net.stop();
        assertThat(net.sessionsAt(a)).isZero();
        net.pass(Duration.ofMinutes(5));
        assertThat(net.all(Event.SwitchStarted.class)).hasSize(1);
    }

    @Test
    void eachResumeBringsTheTicketForTheNext() {
        Neighbourhood net = connected();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(3));
        net.restart(a);
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofSeconds(3));
        assertThat(net.all(Event.SwitchCompleted.class))
                .extracting(Event.SwitchCompleted::origin)
                .containsExactly(
                        Event.Origin.FULL_EXCHANGE,
                        Event.Origin.RESUMED_1RTT,
                        Event.Origin.RESUMED_1RTT);
    }

    private Neighbourhood connected() {
        Neighbourhood net = new Neighbourhood(a, b);
        // Both gateways know the client; the pair shares its TGS key unless the test says
        // otherwise.
        a.keys.put(net.settings.identity, net.settings.preSharedKey);
        b.keys.put(net.settings.identity, net.settings.preSharedKey);
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
        return net;
    }

    @Test
    void threat08AClientWhoseIkeSaWasDeletedPresentsItsTicketNowhere() {
        Neighbourhood net = new Neighbourhood(a, b);
        net.start();
        assertThat(net.all(Event.TicketReceived.class)).hasSize(1);
        net.tell(
                a,
                new Input.Revoke(new Revocation.OfEverything(Neighbourhood.at(0).epochSeconds())));
        assertThat(net.all(Event.IkeSaClosed.class).getLast().reason())
                .isEqualTo(CloseReason.DELETED_BY_PEER);

        net.pass(Duration.ofMinutes(2));

        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.FULL_EXCHANGE);
        assertThat(net.all(Event.SwitchCompleted.class)).hasSizeGreaterThan(1);
        assertThat(net.exchangesSent).doesNotContain(ExchangeType.IKE_SESSION_RESUME_1RTT);
    }
}
