package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Now;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.ike.world.GatewaySettings;
import dev.postern.ike.world.SeededEntropy;
import dev.postern.wire.ExchangeType;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// A gateway that accepts a resume and carries nothing is left for one that carries packets.
final class CarriageTest {
    private final GatewaySettings a = new GatewaySettings('a');
    private final GatewaySettings b = new GatewaySettings('b');
    private final GatewaySettings c = new GatewaySettings('c');
    private final Neighbourhood net = new Neighbourhood(a, b, c);
    private final List<String> visited = new ArrayList<>();

    /// Traffic has had answers at gateway a, which is gone now; b has resumed the session.
    private void moveToB() {
        net.start();
        net.packetComes();
        net.cutOff(a);
        net.suspect();
        net.pass(Duration.ofSeconds(3));
        assertThat(net.current()).isEqualTo(b.name());
    }

    /// Packets go out and none comes, as the traffic watch tells it.
    private void sendInVain(Duration time) {
        for (long passed = 0; passed < time.toMillis(); passed += 3_200) {
            net.suspect();
            net.pass(Duration.ofMillis(3_200));
            visited.add(net.current());
        }
    }

    @Test
    void aGatewayThatResumesAndCarriesNothingIsLeftForOneThatDoes() {
        moveToB();
        // Gateway a, which comes before c, may be tried in between.
        sendInVain(Duration.ofSeconds(32));
        assertThat(net.current()).isEqualTo(c.name());
        assertThat(net.all(Event.GatewaySuspected.class))
                .anyMatch(suspected ->
                        suspected.suspicion() == Event.Suspicion.CARRIES_NOTHING
                                && suspected.gateway().equals(b.name()));
        net.packetComes();
        sendInVain(Duration.ofSeconds(30));
        assertThat(net.current()).as("it has carried packets").isEqualTo(c.name());
    }

    @Test
    void aDeadGatewayInBetweenHidesNoHonestOne() {
        moveToB();
        // Now c is gone, and a is back.
        net.cutOff(c);
        net.reconnect(a);
        sendInVain(Duration.ofMinutes(2));
        assertThat(visited).contains(a.name());
    }

    @Test
    void whereNoneCarriesAnythingItMovesNoMoreOftenThanItsCalmAllows() {
        moveToB();
        net.reconnect(a);
        sendInVain(Duration.ofHours(1));
        assertThat(net.all(Event.SwitchCompleted.class)).hasSizeBetween(4, 21);
        assertThat(visited).contains(a.name(), b.name(), c.name());
    }

    /// Whoever looks for answers from time to time has yet to look when a client moves early.
    @Test
    void answersThroughTheGatewayBeforeAreToldAfterTheMoveToo() {
        net.start();
        int before = net.activeSpi();
        net.switchTo(b.name());
        net.answersCame(before);
        sendInVain(Duration.ofSeconds(32));
        assertThat(visited).as("b carries nothing").contains(a.name());
    }

    @Test
    void trafficThatNeverHadAnswersMovesNobody() {
        net.start();
        sendInVain(Duration.ofMinutes(10));
        assertThat(net.all(Event.SwitchCompleted.class)).hasSize(1);
    }

    @Test
    void aGatewayThatCarriesNothingAnyMoreIsLeftToo() {
        moveToB();
        net.packetComes();
        sendInVain(Duration.ofSeconds(30));
        assertThat(net.current()).as("it may be one silent host").isEqualTo(b.name());
        net.reconnect(a);
        for (int i = 0; i < 20 && net.current().equals(b.name()); i++) {
            sendInVain(Duration.ofSeconds(3));
        }
        assertThat(net.current()).as("its way on is lost").isNotEqualTo(b.name());
        assertThat(net.all(Event.GatewaySuspected.class).getLast().suspicion())
                .isEqualTo(Event.Suspicion.CARRIES_NOTHING);
        net.packetComes();
        String honest = net.current();
        sendInVain(Duration.ofSeconds(30));
        assertThat(net.current()).isEqualTo(honest);
    }

    @Test
    void itsOwnWordsAreNoAnswers() {
        moveToB();
        for (int i = 0; i < 12; i++) {
            // Authentic, as an ICMP error is that it sends for what it cannot forward.
            net.packetVerified();
            sendInVain(Duration.ofMillis(3_200));
        }
        assertThat(visited).contains(c.name());
    }

    @Test
    void afterARestartTheGatewayThatResumesAndCarriesNothingIsLeft() {
        net.start();
        ResumableSession kept = net.all(Event.TicketReceived.class).getLast().session().attempted();
        Neighbourhood later = new Neighbourhood(a, b, c);
        later.start(kept);
        assertThat(later.current()).isEqualTo(a.name());
        assertThat(later.all(Event.SwitchCompleted.class).getLast().origin())
                .isEqualTo(Event.Origin.RESUMED_1RTT);
        for (int i = 0; i < 6; i++) {
            later.suspect();
            later.pass(Duration.ofMillis(3_200));
        }
        assertThat(later.current()).isEqualTo(b.name());
        later.packetComes();
        later.suspect();
        later.pass(Duration.ofMillis(3_200));
        assertThat(later.current()).isEqualTo(b.name());
    }

    @Test
    void afterARestartTrafficThatNeverHasAnswersMovesItThroughItsGatewaysOnce() {
        net.start();
        Neighbourhood later = new Neighbourhood(a, b, c);
        later.start(net.all(Event.TicketReceived.class).getLast().session().attempted());
        for (int i = 0; i < 1_000; i++) {
            later.suspect();
            later.pass(Duration.ofMillis(3_200));
        }
        assertThat(later.all(Event.SwitchCompleted.class)).hasSize(3);
    }

    @Test
    void whereNobodyIsHeardThroughAnyItKeepsMovesForAGatewayThatIsLost() {
        moveToB();
        net.reconnect(a);
        net.packetComes();
        sendInVain(Duration.ofHours(3));
        assertThat(net.all(Event.SwitchCompleted.class)).hasSizeLessThan(3 * 17);
        String lost = net.current();
        for (GatewaySettings gateway : List.of(a, b, c)) {
            if (gateway.name().equals(lost)) {
                net.cutOff(gateway);
            }
        }
        net.suspect();
        net.pass(Duration.ofSeconds(5));
        assertThat(net.current()).isNotEqualTo(lost);
    }

    @Test
    void aPreferredGatewayThatCarriesNothingIsReturnedToMoreAndMoreSeldom() {
        Neighbourhood returning =
                new Neighbourhood(
                        RedirectAllowance.DEFAULT,
                        new CalmPolicy(
                                Now.NANOS_PER_SECOND,
                                300 * Now.NANOS_PER_SECOND,
                                20,
                                10,
                                60 * Now.NANOS_PER_SECOND),
                        List.of(a, b),
                        a,
                        b);
        returning.start();
        returning.packetComes();
        for (int i = 0; i < 3_600; i++) {
            if (returning.current().equals(b.name())) {
                returning.packetComes();
            } else if (i % 4 == 0) {
                returning.suspect();
            }
            returning.pass(Duration.ofSeconds(1));
        }
        assertThat(returning.all(Event.SwitchCompleted.class)).hasSizeBetween(4, 14);
        assertThat(returning.overview().candidates())
                .anyMatch(each -> each.lastResult().equals("carries nothing"));
    }

    @Test
    void withoutAnotherGatewayItIsCheckedAllTheSame() {
        Neighbourhood alone = new Neighbourhood(a);
        alone.start();
        alone.packetComes();
        for (int i = 0; i < 50; i++) {
            int before = alone.exchangesSent.size();
            alone.suspect();
            alone.pass(Duration.ofMillis(3_200));
            assertThat(alone.exchangesSent).hasSizeGreaterThan(before);
        }
    }

    /// Silences as the traffic watch tells them, with a lonely gateway that answers every check.
    private static Neighbourhood lonely(boolean answers, int silences) {
        Neighbourhood net = new Neighbourhood(new GatewaySettings('a'));
        net.start();
        if (answers) {
            net.packetComes();
        }
        net.exchangesSent.clear();
        for (int i = 0; i < silences; i++) {
            net.suspect();
            net.pass(Duration.ofMillis(3_200));
        }
        return net;
    }

    private static long sent(Neighbourhood net, ExchangeType exchange) {
        return net.exchangesSent.stream().filter(exchange::equals).count();
    }

    @Test
    void beforeItsGatewayIsLeftTheChildSaIsMadeAnewOnce() {
        Neighbourhood net = lonely(true, 8);
        assertThat(sent(net, ExchangeType.CREATE_CHILD_SA)).isEqualTo(1);
        answersThenTwoSilences(net);
        assertThat(sent(net, ExchangeType.CREATE_CHILD_SA)).as("not a minute later").isEqualTo(1);
        net.pass(Duration.ofSeconds(60));
        answersThenTwoSilences(net);
        assertThat(sent(net, ExchangeType.CREATE_CHILD_SA)).isEqualTo(2);
    }

    private static void answersThenTwoSilences(Neighbourhood net) {
        net.packetComes();
        net.suspect();
        net.pass(Duration.ofSeconds(3));
        net.suspect();
        net.pass(Duration.ofSeconds(3));
    }

    /// One dead server is polled beside traffic that is answered.
    @Test
    void whoPollsADeadServerBesideLiveTrafficRekeysEverMoreRarely() {
        Neighbourhood net = lonely(true, 0);
        for (int i = 0; i < 600; i++) {
            answersThenTwoSilences(net);
        }
        // After 0, 1, 3, 7, 15 and 31 minutes.
        assertThat(sent(net, ExchangeType.CREATE_CHILD_SA)).isEqualTo(6);
        net.packetComes();
        net.pass(Duration.ofHours(3));
        net.exchangesSent.clear();
        answersThenTwoSilences(net);
        assertThat(sent(net, ExchangeType.CREATE_CHILD_SA)).as("after quiet hours").isEqualTo(1);
        net.pass(Duration.ofSeconds(60));
        answersThenTwoSilences(net);
        assertThat(sent(net, ExchangeType.CREATE_CHILD_SA)).isEqualTo(2);
    }

    private static OptionalInt afterTwoSilences(Carriage carriage, long second) {
        assertThat(carriage.isInVain()).isFalse();
        assertThat(carriage.isInVain()).isFalse();
        return carriage.toRekey(new Now(second * Now.NANOS_PER_SECOND, second));
    }

    @Test
    void aRekeyingThatHasFoundTheChildSaMissingPutsNoOtherOff() {
        Carriage carriage = new Carriage(new SeededEntropy(7));
        carriage.sees(List.of(new Effect.ActivateChildSa(1)));
        carriage.answered(1);
        assertThat(afterTwoSilences(carriage, 10)).hasValue(1);
        // The gateway has it: its successor seals before it goes.
        carriage.sees(List.of(new Effect.ActivateChildSa(2)));
        carriage.sees(List.of(new Effect.RemoveChildSa(1)));
        carriage.answered(2);
        assertThat(afterTwoSilences(carriage, 20)).isEmpty();
        assertThat(carriage.toRekey(new Now(70 * Now.NANOS_PER_SECOND, 70))).hasValue(2);
        // The gateway lacks it.
        carriage.sees(List.of(new Effect.RemoveChildSa(2)));
        carriage.sees(List.of(new Effect.ActivateChildSa(3)));
        carriage.answered(3);
        assertThat(afterTwoSilences(carriage, 80)).hasValue(3);
    }

    @Test
    void thenTheOnlyGatewayThereIsIsAskedToResumeOnce() {
        Neighbourhood net = lonely(true, 120);
        assertThat(sent(net, ExchangeType.IKE_SESSION_RESUME_1RTT)).isEqualTo(1);
        assertThat(sent(net, ExchangeType.IKE_SA_INIT)).isZero();
        assertThat(sent(net, ExchangeType.CREATE_CHILD_SA)).isEqualTo(1);
        assertThat(net.all(Event.IkeSaEstablished.class)).hasSize(2);
        assertThat(net.current()).isEqualTo("gw-a");
    }

    @Test
    void trafficWithoutAnswersRekeysNothing() {
        Neighbourhood net = lonely(false, 120);
        assertThat(net.exchangesSent).containsOnly(ExchangeType.INFORMATIONAL);
    }
}
