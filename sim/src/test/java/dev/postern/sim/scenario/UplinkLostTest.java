package dev.postern.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event.Origin;
import dev.postern.sim.Fault;
import dev.postern.sim.Scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/// Stories of gateways that let clients in, answer every check, and carry nothing. Each ends in a
/// session that works, as soon as one honest gateway can be reached.
final class UplinkLostTest {
    private static final int LONG = 3_600_000;

    private static Fault lost(int gateway, int forMillis, boolean tells) {
        return new Fault.UplinkLost(0, forMillis, gateway, tells);
    }

    /// What a gateway says itself of packets that it cannot forward is no answer to them.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneThatResumesIsLeftForOneThatCarries(boolean tells) {
        try (Scenario story = Scenario.given(3, 1)) {
            story.connected()
                    .fault(lost(1, LONG, tells))
                    .when("gw-a crashes", s -> s.crash("gw-a"))
                    .isAt("c1", "gw-b")
                    .after(Duration.ofSeconds(15))
                    .isAt("c1", "gw-c")
                    .connected();
            assertThat(story.arrivals()).containsExactly(Origin.RESUMED_1RTT, Origin.RESUMED_1RTT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void soIsOneThatAClientComesBackToWithTheTicketOfAnEarlierRun(boolean tells) {
        try (Scenario story = Scenario.given(2, 1)) {
            story.connected()
                    .after(Duration.ofSeconds(5))
                    .fault(lost(0, LONG, tells))
                    .when("c1 starts anew", s -> s.fault(new Fault.ClientRestart(0, 10, 0, true)))
                    .after(Duration.ofSeconds(15))
                    .isAt("c1", "gw-b")
                    .connected();
            assertThat(story.arrivals()).containsExactly(Origin.RESUMED_1RTT, Origin.RESUMED_1RTT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void soIsOneThatHasCarriedPacketsForLong(boolean tells) {
        try (Scenario story = Scenario.given(2, 1)) {
            story.connected()
                    .after(Duration.ofMinutes(5))
                    .when("gw-a loses its uplink", s -> s.fault(lost(0, LONG, tells)))
                    .after(Duration.ofSeconds(20))
                    .isAt("c1", "gw-a")
                    .after(Duration.ofSeconds(50))
                    .isAt("c1", "gw-b")
                    .connected();
            assertThat(story.arrivals()).containsExactly(Origin.RESUMED_1RTT);
        }
    }

    @Test
    void whereNoneCarriesAnythingTheFirstThatDoesAgainIsFound() {
        try (Scenario story = Scenario.given(3, 1)) {
            story.connected()
                    .fault(lost(0, LONG, true))
                    .fault(lost(1, LONG, false))
                    .fault(lost(2, 600_000, true))
                    .when("all uplinks are lost", s -> s)
                    .after(Duration.ofMinutes(10));
            int before = story.arrivals().size();
            assertThat(before).isBetween(3, 12);
            story.after(Duration.ofMinutes(12)).isAt("c1", "gw-c").connected();
        }
    }
}
