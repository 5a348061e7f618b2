package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Members of a cluster contend for the addresses that they share, while they crash and come apart
/// (RFC 6311 section 2).
class ContendedSwarmTest {
    private static final int SEEDS = Integer.getInteger("postern.sim.contended-seeds", 30);

    @Test
    void oneMemberServesAndThereIsOne() {
        int[] served = {0};
        int[] stoodDown = {0};
        int[] admitted = {0};
        for (long n = 1; n <= SEEDS; n++) {
            Plan plan = PlanMaker.of(Family.CONTENDED.seed(n));
            Observer observer =
                    (happening, _) -> {
                        if (happening instanceof Happening.Served told) {
                            served[0] += told.epoch() > 0 ? 1 : 0;
                            stoodDown[0] += told.epoch() > 0 ? 0 : 1;
                        } else if (happening instanceof Happening.Admitted) {
                            admitted[0]++;
                        }
                    };
            Outcome outcome = new Simulation(plan, Checkers.all(), List.of(observer)).run();
            assertThat(outcome.violation()).as(outcome.describe()).isNull();
        }
        System.out.println(
                SEEDS
                        + " seeds, "
                        + served[0]
                        + " takeovers, "
                        + stoodDown[0]
                        + " ends, "
                        + admitted[0]
                        + " packets let in");
        if (SEEDS >= SwarmTest.ENOUGH) {
            assertThat(served[0]).isGreaterThan(4 * SEEDS);
            assertThat(stoodDown[0]).isGreaterThan(3 * SEEDS);
            assertThat(admitted[0]).isGreaterThan(100 * SEEDS);
        }
    }
}
