package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.Event.Origin;
import dev.postern.ike.Now;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.SeededEntropy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/// How often a client moves (failover profile, "What a client may never do"), and when it comes
/// back.
final class CalmTest {
    private static final long SECOND = Now.NANOS_PER_SECOND;
    private static final long HOUR = 3_600 * SECOND;

    private final CalmPolicy policy = new CalmPolicy(SECOND, 64 * SECOND, 5, 3, 0);
    private final Calm calm = new Calm(policy);
    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');

    private static Now at(long nanos) {
        return Neighbourhood.at(nanos);
    }

    @Test
    void theFirstMoveIsFree() {
        assertThat(calm.mayMoveAt(at(7))).isEqualTo(7);
    }

    @Test
    void theDwellDoublesWithEachMoveThatComesSoon() {
        long now = 0;
        for (long dwell : new long[] {1, 2, 4, 8}) {
            calm.moved(at(now));
            assertThat(calm.mayMoveAt(at(now))).isEqualTo(now + dwell * SECOND);
            now += dwell * SECOND;
        }
    }

    @Test
    void aStayOfFourTimesTheDwellSetsItBack() {
        calm.moved(at(0));
        calm.moved(at(SECOND));
        calm.moved(at(SECOND + 8 * SECOND));
        assertThat(calm.mayMoveAt(at(9 * SECOND))).isEqualTo(10 * SECOND);
    }

    @Test
    void inAnyHourThereAreOnlySoManyMoves() {
        for (int i = 0; i < 5; i++) {
            calm.moved(at(i * 100L * SECOND));
        }
        assertThat(calm.mayMoveAt(at(500 * SECOND))).isEqualTo(HOUR);
        calm.moved(at(HOUR));
        assertThat(calm.mayMoveAt(at(HOUR))).isEqualTo(HOUR + 100 * SECOND);
    }

    @Test
    void noMannerOfDrivingItExceedsTheBound() {
        for (long seed = 0; seed < 200; seed++) {
            Calm driven = new Calm(policy);
            SeededEntropy entropy = new SeededEntropy(seed);
            List<Long> moves = new java.util.ArrayList<>();
            long now = 0;
            while (now < 6 * HOUR) {
                // The adversary waits a little, a lot, or until just before or after the dwell.
                now += 1 + (entropy.octets(1)[0] & 0xff) * (SECOND << (entropy.octets(1)[0] & 7));
                if (driven.mayMoveAt(at(now)) <= now) {
                    driven.moved(at(now));
                    moves.add(now);
                }
            }
            for (int i = 5; i < moves.size(); i++) {
                assertThat(moves.get(i) - moves.get(i - 5)).isGreaterThanOrEqualTo(HOUR);
            }
        }
    }

    @Test
    void aGatewaysBudgetOfResumesIsForAnHour() {
        for (int i = 0; i < 3; i++) {
            assertThat(calm.mayResume(1, at(i))).isTrue();
            calm.resumed(1, at(i));
        }
        assertThat(calm.mayResume(1, at(3))).isFalse();
        assertThat(calm.mayResume(2, at(3))).isTrue();
        assertThat(calm.mayResume(1, at(HOUR))).isTrue();
    }

    @Test
    void whoCutsOneGatewayAfterAnotherOffDrivesTheClientNoFaster() {
        Neighbourhood net = connected(policy);
        List<GatewaySettings> both = List.of(a, b);
        for (int i = 0; i < 3_600; i++) {
            for (GatewaySettings gateway : both) {
                if (net.current().equals(gateway.name())) {
                    net.cutOff(gateway);
                } else {
                    net.reconnect(gateway);
                }
            }
            net.suspect();
            net.pass(Duration.ofSeconds(1));
        }
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(1 + 5);
    }

    @Test
    void aClientThatWaitsStaysWithAGatewayThatAnswersAfterAll() {
        Neighbourhood net = connected(new CalmPolicy(60 * SECOND, 64 * SECOND, 5, 3, 0));
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        assertThat(net.current()).isEqualTo(b.name());
        net.cutOff(b);
        net.reconnect(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        net.reconnect(b);
        net.pass(Duration.ofMinutes(5));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(2);
    }

    @Test
    void afterItsBudgetAGatewayGetsAFullExchange() {
        Neighbourhood net = connected(new CalmPolicy(0, 0, 100, 2, 0));
        for (int i = 0; i < 8; i++) {
            net.switchTo("");
            net.pass(Duration.ofSeconds(1));
        }
        assertThat(net.all(Event.SwitchCompleted.class))
                .extracting(Event.SwitchCompleted::origin)
                .containsExactly(
                        Origin.FULL_EXCHANGE,
                        Origin.RESUMED_1RTT,
                        Origin.RESUMED_1RTT,
                        Origin.RESUMED_1RTT,
                        Origin.RESUMED_1RTT,
                        Origin.FULL_EXCHANGE,
                        Origin.FULL_EXCHANGE,
                        Origin.FULL_EXCHANGE,
                        Origin.FULL_EXCHANGE);
    }

    @Test
    void anOrderedSwitchKeepsTheOldGatewayUntilTheNewOneServes() {
        Neighbourhood net = connected(CalmPolicy.DEFAULT);
        net.switchTo("gw-b");
        net.pass(Duration.ofSeconds(1));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.sessionsAt(a)).isZero();
        List<Class<?>> order = new java.util.ArrayList<>();
        for (Event event : net.events) {
            if (event instanceof Event.SwitchCompleted
                    || (event instanceof Event.IkeSaClosed closed && closed.handle() == 1)) {
                order.add(event.getClass());
            }
        }
        assertThat(order)
                .containsExactly(
                        Event.SwitchCompleted.class,
                        Event.SwitchCompleted.class,
                        Event.IkeSaClosed.class);
    }

    @Test
    void commandsAreNotBoundedAndUseUpNoMoves() {
        Neighbourhood net = connected(new CalmPolicy(SECOND, 300 * SECOND, 2, 100, 0));
        for (int i = 0; i < 30; i++) {
            String before = net.current();
            net.switchTo("");
            net.pass(Duration.ofMillis(100));
            assertThat(net.current()).isNotEqualTo(before);
        }
        // The first two losses are answered at once, as if nothing had been.
        for (int i = 0; i < 2; i++) {
            GatewaySettings lost = net.current().equals(a.name()) ? a : b;
            net.cutOff(lost);
            net.suspect();
            net.pass(Duration.ofSeconds(5));
            assertThat(net.current()).isNotEqualTo(lost.name());
            net.reconnect(lost);
        }
        GatewaySettings kept = net.current().equals(a.name()) ? a : b;
        net.cutOff(kept);
        net.suspect();
        net.pass(Duration.ofSeconds(30));
        assertThat(net.current()).as("no moves are left").isEqualTo(kept.name());
        net.reconnect(kept);
        net.pass(Duration.ofMinutes(2));
        net.switchTo("");
        net.pass(Duration.ofSeconds(1));
        assertThat(net.current()).as("for whom there is a command").isNotEqualTo(kept.name());
    }

    @Test
    void aSilentGatewayThatHasToBeKeptIsAskedAgainMoreAndMoreSeldom() {
        Neighbourhood net = connected(new CalmPolicy(3_600 * SECOND, 3_600 * SECOND, 5, 3, 0));
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        int asked = net.all(Event.PeerUnresponsive.class).size();
        net.pass(Duration.ofMinutes(10));
        assertThat(net.all(Event.PeerUnresponsive.class).size() - asked).isBetween(20, 100);
        assertThat(net.current()).as("it may not move yet").isEqualTo(b.name());

        int alive = net.all(Event.PeerAlive.class).size();
        net.reconnect(b);
        net.pass(Duration.ofSeconds(32));
        assertThat(net.all(Event.PeerAlive.class)).as("nobody has hinted at it").hasSize(alive + 1);
        net.pass(Duration.ofMinutes(10));
        assertThat(net.all(Event.PeerAlive.class)).hasSize(alive + 1);
    }

    @Test
    void somethingAuthenticFromASilentGatewayHasItAskedAtOnce() {
        Neighbourhood net = connected(new CalmPolicy(3_600 * SECOND, 3_600 * SECOND, 5, 3, 0));
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        net.cutOff(b);
        net.suspect();
        net.pass(Duration.ofMinutes(9));
        net.reconnect(b);
        int before = net.all(Event.PeerAlive.class).size();
        net.packetVerified();
        net.pass(Duration.ofMillis(1));
        assertThat(net.all(Event.PeerAlive.class)).hasSize(before + 1);
    }

    @Test
    void anOrderedSwitchToASilentGatewayChangesNothing() {
        Neighbourhood net = connected(CalmPolicy.DEFAULT);
        net.cutOff(b);
        net.switchTo("192.0.2.2");
        net.pass(Duration.ofMinutes(1));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.RetryScheduled.class)).isEmpty();
    }

    @Test
    void anOrderThatCannotBeIsRefusedInWords() {
        Neighbourhood net = connected(CalmPolicy.DEFAULT);
        net.switchTo("gw-z");
        net.switchTo("gw-a.example");
        assertThat(net.all(Event.SwitchRefused.class))
                .extracting(Event.SwitchRefused::reason)
                .containsExactly(
                        "there is no such gateway; known are gw-a, gw-b", "it serves us already");
    }

    @Test
    void thePreferredGatewayIsReturnedToByAResume() {
        Neighbourhood net = connected(returning());
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        net.restart(a);
        net.pass(Duration.ofMinutes(4));
        assertThat(net.current()).as("not yet").isEqualTo(b.name());
        net.pass(Duration.ofMinutes(5));
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Origin.RESUMED_1RTT);
        assertThat(net.sessionsAt(b)).isZero();
    }

    @Test
    void onTheWayBackBothChildSasAreOpenSoThatNoPacketIsLost() {
        Neighbourhood net = connected(returning());
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        net.restart(a);
        int left = net.activated.getLast();
        for (int i = 0; i < 20_000 && net.current().equals(b.name()); i++) {
            net.pass(Duration.ofMillis(50));
            assertThat(net.installed).contains(net.activated.getLast());
        }
        int taken = net.activated.getLast();
        assertThat(net.current()).isEqualTo(a.name());
        assertThat(net.installed).as("make before break").containsOnly(left, taken).hasSize(2);
        assertThat(net.sessionsAt(b)).as("packets on their way are opened there").isEqualTo(1);

        net.pass(Duration.ofSeconds(2));
        assertThat(net.installed).containsExactly(taken);
        assertThat(net.sessionsAt(b)).isZero();
    }

    @Test
    void aPreferredGatewayThatStaysAwayIsLookedForMoreAndMoreSeldom() {
        Neighbourhood net = connected(returning());
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofHours(24));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.all(Event.SwitchStarted.class).size()).isBetween(8, 30);
        assertThat(net.all(Event.IkeSaClosed.class)).noneMatch(closed -> closed.handle() == 2);
    }

    @Test
    void aPreferredGatewayThatDoesNotKnowUsGetsNoFullExchange() {
        Neighbourhood net = connected(returning());
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        a.tickets = dev.postern.ike.world.World.sealer(9);
        net.restart(a);
        net.pass(Duration.ofHours(1));
        assertThat(net.current()).isEqualTo(b.name());
        assertThat(net.exchangesSent)
                .filteredOn(dev.postern.wire.ExchangeType.IKE_SA_INIT::equals)
                .hasSize(1);
    }

    private static CalmPolicy returning() {
        return new CalmPolicy(SECOND, 300 * SECOND, 20, 10, 300 * SECOND);
    }

    private Neighbourhood connected(CalmPolicy calmPolicy) {
        Neighbourhood net =
                new Neighbourhood(RedirectAllowance.DEFAULT, calmPolicy, List.of(a, b), a, b);
        net.start();
        assertThat(net.current()).isEqualTo(a.name());
        return net;
    }
}
