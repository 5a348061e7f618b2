package dev.postern.sim.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sim.Plan;
import dev.postern.sim.PlanMaker;
import dev.postern.sim.Shrinker;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import java.util.List;

/// What `postern replay SEED --shrink` shows: of the faults of a failing run those that it takes.
class ShrinkerTest {
    /// Delivers twice what somebody has sent twice, and so needs such a fault to fail.
    private static final Mutation REPLAY_WINDOW =
            Mutation.body(
                    "dev.postern.esp.ReplayWindow",
                    "accepts",
                    "the replay window accepts everything",
                    code -> code.iconst_1().ireturn());

    @Test
    void aFailingPlanIsShrunkToTheFaultsThatBreakTheSameClaim() {
        String claim = "no ESP sequence number is delivered twice";
        MutatedBuild build = new MutatedBuild(REPLAY_WINDOW);
        long seed = 1;
        while (!build.entrance(RunSeed.class).apply(seed).equals(claim)) {
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
    }

    @Test
    void aPlanThatDoesNotFailStaysAsItIs() {
        Plan plan = PlanMaker.of(1);

        assertThat(Shrinker.shrink(plan)).isEqualTo(plan);
    }
}
