package dev.postern.cli;

import dev.postern.sim.Outcome;
import dev.postern.sim.Plan;
import dev.postern.sim.PlanMaker;
import dev.postern.sim.Shrinker;
import dev.postern.sim.Simulation;
import dev.postern.sim.Trace;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
    @Parameters(
            paramLabel = "SEED",
            converter = SeedConverter.class,
            description = {
                "The seed, as a failing test names it: a whole number.",
                "Negative: clients that wander; from 1000000 on: hot standbys; from 2000000 on:"
                        + " loose clusters; from 3000000 on: clusters;"
                        + " from 4000000 on: members that contend for a shared address;"
                        + " from 5000000 on: two sites with a bridge between them."
            })
    private long seed;

    @Option(
            names = "--shrink",
            description = "Where a claim does not hold, find a shorter plan that breaks it too.")
    private boolean shrink;

    @Option(names = "--plan", description = "Print the plan and the result, without the trace.")
    private boolean planOnly;

    private CommandSpec spec = CommandSpec.create();

    /// A negative seed is a seed, and no option.
    @Spec
    void specified(CommandSpec given) {
        spec = given;
        given.parser().unmatchedOptionsArePositionalParams(true);
    }

    /// Seeds as failing tests write them.
    static final class SeedConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "\""
                                + value
                                + "\" is no seed; legal is a whole number from "
                                + Long.MIN_VALUE
                                + " to "
                                + Long.MAX_VALUE
                                + ", as in: postern replay 43 --shrink");
            }
        }
    }

    @Override
    public Integer call() {
        Plan whole = PlanMaker.of(seed);
        Plan plan = shrink ? Shrinker.shrink(whole) : whole;
        PrintWriter out = spec.commandLine().getOut();
        out.print(plan.describe());
        Outcome outcome;
        if (planOnly) {
            outcome = Simulation.run(plan);
            out.println(outcome.describe());
        } else {
            Trace.Drawn drawn = Trace.draw(plan);
            outcome = drawn.outcome();
            out.println(drawn.text().stripTrailing());
        }
        if (shrink && !outcome.failed()) {
            out.println("there is nothing to shrink: the plan above is the whole one");
        }
        out.flush();
        return outcome.failed() ? ExitCode.FAILED : ExitCode.DONE;
    }
}
