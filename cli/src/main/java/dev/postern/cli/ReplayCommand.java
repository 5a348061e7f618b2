package dev.postern.cli;

import dev.postern.sim.Outcome;
import dev.postern.sim.Plan;
import dev.postern.sim.PlanMaker;
import dev.postern.sim.Shrinker;
import dev.postern.sim.Simulation;
import dev.postern.sim.Trace;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

/// Runs one seed of the simulator again and draws it.
@Command(
        name = "replay",
        description = {
            "Runs a seed of the simulator and prints its plan and trace: who, when, what.",
            "Exit code 0 where every claim held, else 1. docs/testing.md tells how to read it."
        })
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SEED", description = "The seed, as a failing test names it.")
    private long seed;

    @Option(
            names = "--shrink",
            description = "Where a claim does not hold, find a shorter plan that breaks it too.")
    private boolean shrink;

    @Option(names = "--plan", description = "Print the plan and the result, without the trace.")
    private boolean planOnly;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Plan plan = PlanMaker.of(seed);
        if (shrink) {
            plan = Shrinker.shrink(plan);
        }
        Outcome outcome = Simulation.run(plan);
        PrintWriter out = spec.commandLine().getOut();
        out.print(plan.describe());
        out.println(planOnly ? outcome.describe() : Trace.of(plan).stripTrailing());
        out.flush();
        return outcome.failed() ? ExitCode.FAILED : ExitCode.DONE;
    }
}
