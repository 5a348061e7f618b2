package dev.postern.sim.mutation;

import dev.postern.sim.Fault;
import dev.postern.sim.Plan;
import dev.postern.sim.PlanMaker;
import dev.postern.sim.Shrinker;
import dev.postern.sim.Simulation;
import dev.postern.sim.Violation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/// Another entrance of a mutated build: shrinks the plan of a seed and says in lines what became of
/// it: the claim that the seed breaks, the one that the shrunk plan breaks, how many faults there
/// were and how many are left, how many of these could have been left out as well, and how the
/// shrunk plan describes itself.
public final class ShrinkSeed implements LongFunction<String> {
    @Override
    public String apply(long seed) {
        Plan whole = PlanMaker.of(seed);
        Plan shrunk = Shrinker.shrink(whole);
        String claim = broken(shrunk);
        int needless = 0;
        for (int i = 0; i < shrunk.faults().size(); i++) {
            List<Fault> fewer = new ArrayList<>(shrunk.faults());
            fewer.remove(i);
            needless += broken(shrunk.withFaults(fewer)).equals(claim) ? 1 : 0;
        }
        return String.join(
                "\n",
                broken(whole),
                claim,
                String.valueOf(whole.faults().size()),
                String.valueOf(shrunk.faults().size()),
                String.valueOf(needless),
                shrunk.describe());
    }

    private static String broken(Plan plan) {
        Violation violation = Simulation.run(plan).violation();
        return violation == null ? "" : violation.checker();
    }
}
