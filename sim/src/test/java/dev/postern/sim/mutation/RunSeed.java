package dev.postern.sim.mutation;

import dev.postern.sim.Outcome;
import dev.postern.sim.Simulation;
import dev.postern.sim.Violation;

import java.util.function.LongFunction;

/// The entrance of a mutated build: the claim that a seed breaks, or the empty string.
public final class RunSeed implements LongFunction<String> {
    @Override
    public String apply(long seed) {
        Outcome outcome = Simulation.run(seed);
        Violation violation = outcome.violation();
        return violation == null ? "" : violation.checker();
    }
}
