package dev.postern.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event.Origin;
import dev.postern.ike.Now;
import dev.postern.ike.failover.AuxiliaryPolicy;
import dev.postern.ike.failover.AuxiliaryPolicy.Use;
import dev.postern.sim.Fault;
import dev.postern.sim.Scenario;
import dev.postern.sim.Setting;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// Stories of sessions that stand by at other gateways, and of races between gateways.
final class AuxiliarySessionsTest {
    private static AuxiliaryPolicy one(Use use) {
        return new AuxiliaryPolicy(1, use, 2 * Now.NANOS_PER_SECOND);
    }

    @Test
    void whatStoodByCarriesOnWithoutAnExchange() {
        try (Scenario story = Scenario.given(Setting.of(3, 2).holdingReady(one(Use.AT_ONCE)))) {
            story.connected().after(Duration.ofSeconds(8));
            assertThat(story.size("c1")).as("two IKE SAs").isEqualTo(2);
            story.when("gw-a crashes", s -> s.crash("gw-a"))
                    .after(Duration.ofSeconds(4))
                    .connected();
            assertThat(story.arrivals()).containsExactly(Origin.AUXILIARY);
            story.never("c1 --> gw-b  IKE_SESSION_RESUME_1RTT request 1|0");
        }
    }

    @Test
    void somebodyWithStolenRecordsCallsNobodyAwayWhoHoldsOneReady() {
        try (Scenario story =
                Scenario.given(
                        Setting.of(3, 2)
                                .kept(Setting.Kept.LOOSE)
                                .holdingReady(one(Use.AFTER_RESUME)))) {
            story.connected().after(Duration.ofSeconds(8));
            story.when("the thief calls", s -> s.fault(new Fault.StolenRecords(0, 0, 0)))
                    .after(Duration.ofSeconds(5))
                    .connected();
            assertThat(story.orders()).isZero();
            story.isAt("c1", "gw-a");
        }
    }

    @Test
    void aStandbyCallsOverIt() {
        try (Scenario story =
                Scenario.given(
                        Setting.of(2, 1)
                                .kept(Setting.Kept.LOOSE)
                                .holdingReady(one(Use.AFTER_RESUME)))) {
            story.connected().after(Duration.ofSeconds(8));
            story.when("gw-a is lost", s -> s.fault(new Fault.LooseTakeover(0, 500, 0, false)))
                    .isAt("c1", "gw-b")
                    .connected();
            assertThat(story.arrivals()).contains(Origin.RESUMED_1RTT);
        }
    }

    @Test
    void aGatewayThatIsNotReachedIsNotWaitedForWhenAClientStarts() {
        try (Scenario story = Scenario.given(3, 1)) {
            story.connected()
                    .fault(new Fault.Partition(0, 60_000, 0, -1))
                    .when("c1 starts anew", s -> s.fault(new Fault.ClientRestart(0, 10, 0, false)))
                    .after(Duration.ofMillis(1_500))
                    .isAt("c1", "gw-b");
            assertThat(story.arrivals()).containsExactly(Origin.FULL_EXCHANGE);
        }
    }
}
