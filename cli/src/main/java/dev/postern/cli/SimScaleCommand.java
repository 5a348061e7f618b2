package dev.postern.cli;

import dev.postern.sim.scale.RealResults;
import dev.postern.sim.scale.ScalePage;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/// Runs the scale model and writes its page and pictures.
@Command(
        name = "sim-scale",
        description = {
            "Lets a site die under a million simulated clients, and writes scale.md and its"
                    + " pictures.",
            "The page compares the model with runs of real clients and gateways. They take"
                    + " minutes: what they came to is kept in scale-real.txt, beside the page."
        })
final class SimScaleCommand implements Callable<Integer> {
    private static final String LEGAL =
            RealResults.LEAST_CLIENTS + " to " + RealResults.MOST_CLIENTS;

    @Parameters(
            paramLabel = "DIRECTORY",
            description = "Where the files go, a directory that exists: docs, in the tree.")
    private Path directory = Path.of("");

    @Option(
            names = "--real",
            paramLabel = "CLIENTS",
            converter = ClientsConverter.class,
            description =
                    "Run so many real clients and their gateways first, and write scale-real.txt;"
                            + " "
                            + RealResults.LEAST_CLIENTS
                            + " to "
                            + RealResults.MOST_CLIENTS
                            + ".")
    private int real;

    @Spec private CommandSpec spec = CommandSpec.create();

    /// What is no number, or too long for one, is out of range as well.
    static final class ClientsConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new TypeConversionException("\"" + value + "\"; legal is " + LEGAL);
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        check();
        RealResults compared = real();
        for (Map.Entry<String, String> file : ScalePage.files(compared, this::begins).entrySet()) {
            write(file.getKey(), file.getValue());
        }
        spec.commandLine().getOut().flush();
        return ExitCode.DONE;
    }

    /// A run takes up to minutes, and says nothing itself.
    private void begins(String run) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("postern: " + run + "...");
        err.flush();
    }

    private void write(String name, String text) throws IOException {
        Path written = directory.resolve(name);
        Files.writeString(written, text);
        spec.commandLine().getOut().println(written);
    }

    private RealResults real() throws IOException {
        if (isReal()) {
            RealResults results =
                    new RealScaleRuns(spec.commandLine().getOut(), this::begins).of(real);
            write(RealResults.FILE, results.text());
            return results;
        }
        Path file = directory.resolve(RealResults.FILE);
        if (!Files.exists(file)) {
            throw refused(
                    "DIRECTORY "
                            + directory
                            + " has no "
                            + RealResults.FILE
                            + ", which the page is made of; --real 10000 makes it");
        }
        try {
            return RealResults.read(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw refused(file + ": " + e.getMessage() + "; --real 10000 makes it anew");
        }
    }

    private boolean isReal() {
        return spec.commandLine().getParseResult().hasMatchedOption("--real");
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
        if (isReal()) {
            checkReal();
        }
    }

    private void checkReal() {
        if (real < RealResults.LEAST_CLIENTS || real > RealResults.MOST_CLIENTS) {
            throw refused("--real " + real + "; legal is " + LEGAL);
        }
        long wanted = RealScaleRuns.heapWanted(real);
        long heap = Runtime.getRuntime().maxMemory();
        if (heap < wanted) {
            throw refused(
                    String.format(
                            Locale.ROOT,
                            "--real %d takes %d MB of heap and this process may have %d; give it"
                                    + " more (JAVA_TOOL_OPTIONS=-Xmx%dm) or name fewer",
                            real,
                            wanted / 1_000_000,
                            heap / 1_000_000,
                            wanted / 1_000_000));
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
