package dev.postern.cli;

import dev.postern.gateway.configuration.CheckedFile;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.DomainCheck;
import dev.postern.gateway.configuration.Problem;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// Says of each file whether it is good, and what the daemon would do with it.
@Command(
        name = "check",
        description = {
            "Checks configuration files, each by itself and those of a domain against each other.",
            "Exit code 0 where all is well, else 2."
        })
final class CheckCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Files of gateways, clients and ticket services; all those of a domain together"
                            + " find more.")
    private List<Path> files = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<CheckedFile> good = new ArrayList<>();
        int problems = 0;
        for (Path file : files) {
            try {
                CheckedFile checked = CheckedFile.read(file);
                good.add(checked);
                print(file, checked);
            } catch (ConfigurationException e) {
                problems += e.problems().size();
                e.problems().forEach(err()::println);
            }
        }
        List<Problem> between = DomainCheck.problemsOf(good, Instant.now());
        between.forEach(err()::println);
        problems += between.size();
        if (problems > 0) {
            err().println(problems + (problems == 1 ? " problem" : " problems"));
        }
        out().flush();
        err().flush();
        return problems == 0 ? ExitCode.DONE : ExitCode.WRONG_USAGE;
    }

    private void print(Path file, CheckedFile checked) {
        out().println(file + ": ok");
        checked.summary().forEach(line -> out().println("  " + line));
        checked.warnings().forEach(warning -> out().println("  WARNING " + warning));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
