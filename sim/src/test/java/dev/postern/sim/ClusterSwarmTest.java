package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Members of a cluster crash, come apart, are emptied and taken over, and no address, epoch or
/// session goes to two.
class ClusterSwarmTest {
    private static final int SEEDS = Integer.getInteger("postern.sim.clustered-seeds", 60);

    @Test
    void whatAClusterGivesOnceItGivesToOne() {
        long resumed = 0;
        long owned = 0;
        for (long n = 1; n <= SEEDS; n++) {
            Plan plan = PlanMaker.of(Family.CLUSTERED.seed(n));
            long[] count = {0};
            Outcome outcome =
                    new Simulation(
                                    plan,
                                    Checkers.all(),
                                    List.of((happening, _) ->
                                            count[0] +=
                                                    happening instanceof Happening.Owned ? 1 : 0))
                            .run();
            assertThat(outcome.violation()).as(outcome.describe()).isNull();
            resumed += outcome.resumed();
            owned += count[0];
        }
        System.out.println(
                SEEDS + " seeds, " + owned + " things changed hands, " + resumed + " resumes");
        if (SEEDS >= SwarmTest.ENOUGH) {
            assertThat(resumed).isGreaterThan(SEEDS);
            assertThat(owned).isGreaterThan(SEEDS);
        }
    }
}
