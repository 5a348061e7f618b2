package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Event.Origin;

import org.junit.jupiter.api.Test;

import java.util.List;

/// A loose cluster whose gateways are lost, or believed to be, while a thief who has their records
/// calls the clients to himself.
class LooseTakeoverSwarmTest {
    private static final int SEEDS = Integer.getInteger("postern.sim.loose-seeds", 30);

    @Test
    void clientsFollowTheirGatewaysWordAndNobodyElses() {
        int[] followed = {0};
        int[] declined = {0};
        for (long n = 1; n <= SEEDS; n++) {
            Plan plan = PlanMaker.of(Family.LOOSE.seed(n));
            Observer observer =
                    (happening, _) -> {
                        if (happening instanceof Happening.Handled handled) {
                            for (Effect effect : handled.effects()) {
                                if (effect instanceof Effect.Emit(Event.SwitchOrdered _)) {
                                    followed[0]++;
                                } else if (effect instanceof Effect.Emit(Event.SwitchRefused _)) {
                                    declined[0]++;
                                }
                            }
                        }
                    };
            Outcome outcome = new Simulation(plan, Checkers.all(), List.of(observer)).run();
            assertThat(outcome.violation()).as(outcome.describe()).isNull();
        }
        System.out.println(
                SEEDS
                        + " seeds, "
                        + followed[0]
                        + " calls with vouchers that hold, "
                        + declined[0]
                        + " declined");
        if (SEEDS >= SwarmTest.ENOUGH) {
            assertThat(followed[0]).isGreaterThan(2 * SEEDS);
            assertThat(declined[0]).isGreaterThan(2 * SEEDS);
        }
    }

    /// One fault and nothing else: the client is at the other gateway before it could have found
    /// out by itself.
    @Test
    void aCalledClientComesByAResumeInOneRoundTrip() {
        Plan plan =
                Plan.builder(1, 2, 1, 10_000)
                        .alliance(Alliance.LOOSE)
                        .faults(List.of(new Fault.LooseTakeover(5_000, 4_000, 0, false)))
                        .build();
        long[] completedAt = {0};
        Observer observer =
                (happening, world) -> {
                    if (happening instanceof Happening.Handled handled
                            && handled.party().role() == Party.Role.CLIENT) {
                        for (Effect effect : handled.effects()) {
                            if (effect instanceof Effect.Emit(Event.SwitchCompleted done)
                                    && done.origin() == Origin.RESUMED_1RTT
                                    && completedAt[0] == 0) {
                                completedAt[0] = world.now();
                            }
                        }
                    }
                };
        Outcome outcome = new Simulation(plan, Checkers.all(), List.of(observer)).run();
        assertThat(outcome.violation()).as(outcome.describe()).isNull();
        assertThat(completedAt[0] / 1_000_000)
                .as("milliseconds; the client's own detection takes 600 of silence and more")
                .isBetween(5_000L, 5_400L);
    }
}
