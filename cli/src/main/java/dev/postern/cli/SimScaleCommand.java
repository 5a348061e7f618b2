package dev.postern.cli;

import dev.postern.sim.scale.ScalePage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/// Runs the scale model and writes its page and pictures.
@Command(
        name = "sim-scale",
        description = {
            "Lets a site die under a million simulated clients, and writes scale.md and its"
                    + " pictures."
        })
final class SimScaleCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIRECTORY", description = "Where the files go: docs, in the tree.")
    private Path directory = Path.of("docs");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(directory)) {
            spec.commandLine().getErr().println(directory + " is not a directory");
            return ExitCode.WRONG_USAGE;
        }
        for (Map.Entry<String, String> file : ScalePage.files().entrySet()) {
            Path written = directory.resolve(file.getKey());
            Files.writeString(written, file.getValue());
            spec.commandLine().getOut().println(written);
        }
        spec.commandLine().getOut().flush();
        return ExitCode.DONE;
    }
}
