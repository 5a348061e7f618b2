package dev.postern.sim.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sim.Lifetimes;
import dev.postern.sim.Plan;
import dev.postern.sim.PlanMaker;
import dev.postern.sim.Shrinker;
import dev.postern.sim.Terms;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import java.util.List;

/// What `postern replay SEED --shrink` shows: of the faults of a failing run those that it takes,
/// and of all else what is not as usual only where it has to be.
class ShrinkerTest {
    @Test
    void aFailingPlanIsShrunkToTheFaultsThatBreakTheSameClaim() {
        String claim = "no ESP sequence number is delivered twice";
        // Delivers twice what somebody has sent twice, and so needs such a fault to fail.
        MutatedBuild build = new MutatedBuild(ProtocolMutants.REPLAY_WINDOW);
        long seed = 1;
        while (isUsual(PlanMaker.of(seed))
                || !build.entrance(RunSeed.class).apply(seed).equals(claim)) {
            seed++;
        }

        assertThat(build.entrance(DrawSeed.class).apply(seed).stripTrailing().lines().toList())
                .as("the trace ends where the claim breaks")
                .hasSizeGreaterThan(20)
                .last(InstanceOfAssertFactories.STRING)
                .contains("VIOLATION " + claim);

        List<String> told = build.entrance(ShrinkSeed.class).apply(seed).lines().toList();

        assertThat(told.subList(0, 2)).containsOnly(claim);
        assertThat(Integer.parseInt(told.get(3)))
                .as("faults left")
                .isPositive()
                .isLessThan(Integer.parseInt(told.get(2)));
        assertThat(told.get(4)).as("faults that could go as well").isEqualTo("0");
        assertThat(told.get(5)).startsWith("seed " + seed + ": 1 gateways, 1 clients, ");
        assertThat(told.subList(6, told.size()))
                .as("faults, and nothing else that is not as usual")
                .hasSize(Integer.parseInt(told.get(3)));
    }

    /// Whether there is little to leave out but faults.
    private static boolean isUsual(Plan plan) {
        return plan.sites() == 0
                || plan.gateways() < 3
                || plan.terms().equals(Terms.USUAL)
                || plan.lifetimes().equals(Lifetimes.UNLIMITED);
    }

    @Test
    void aPlanThatDoesNotFailStaysAsItIs() {
        Plan plan = PlanMaker.of(1);

        assertThat(Shrinker.shrink(plan)).isEqualTo(plan);
    }
}
