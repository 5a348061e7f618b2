package dev.postern.sim.mutation;

import dev.postern.sim.PlanMaker;
import dev.postern.sim.Trace;

import java.util.function.LongFunction;

/// Another entrance of a mutated build: the trace of a seed, as `postern replay` prints it.
public final class DrawSeed implements LongFunction<String> {
    @Override
    public String apply(long seed) {
        return Trace.draw(PlanMaker.of(seed)).text();
    }
}
