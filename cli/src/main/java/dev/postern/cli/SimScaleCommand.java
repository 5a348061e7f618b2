package dev.postern.cli;

import dev.postern.sim.scale.ScalePage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
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
    @Parameters(
            paramLabel = "DIRECTORY",
            description = "Where the files go, a directory that exists: docs, in the tree.")
    private Path directory = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        check();
        for (Map.Entry<String, String> file : ScalePage.files().entrySet()) {
            Path written = directory.resolve(file.getKey());
            Files.writeString(written, file.getValue());
            spec.commandLine().getOut().println(written);
        }
        spec.commandLine().getOut().flush();
        return ExitCode.DONE;
    }

    /// The runs take minutes: what keeps their files from being written is told before.
    private void check() {
        if (directory.toString().isEmpty()) {
            throw refused("DIRECTORY is empty; \".\" is the one you are in, docs the tree's");
        }
        if (!Files.isDirectory(directory)) {
            String is = Files.exists(directory) ? "is no directory" : "does not exist";
            throw refused("DIRECTORY " + directory + " " + is + "; name one that exists");
        }
        try {
            Files.delete(Files.createTempFile(directory, "scale", ".part"));
        } catch (IOException e) {
            throw refused("no file can be written into DIRECTORY " + directory + ": " + reason(e));
        }
    }

    /// The message of most is the name of the file alone.
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "this user may not do that";
            case FileSystemException refused when refused.getReason() != null ->
                    refused.getReason();
            case FileSystemException _ -> "its file system takes no new file";
            default -> String.valueOf(e.getMessage());
        };
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
