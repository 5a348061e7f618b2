package dev.postern.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Programs of this host, found in these directories and nowhere else: what runs with our
/// privileges is not chosen by whoever set PATH.
public record HostTools(List<Path> directories) {
    private static final long PATIENCE_SECONDS = 10;
    private static final int LONGEST_ANSWER = 300;

    public static final HostTools OF_THE_SYSTEM =
            new HostTools(
                    List.of(
                            Path.of("/usr/bin"),
                            Path.of("/usr/sbin"),
                            Path.of("/bin"),
                            Path.of("/sbin")));

    public HostTools {
        directories = List.copyOf(directories);
    }

    boolean has(String program) {
        return find(program).isPresent();
    }

    /// Empty where this host lacks it.
    public Optional<Path> find(String program) {
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// @param input what it reads
    /// @return the beginning of what it says
    /// @throws IOException with the program's own words where it fails or does not end
    String run(String input, String program, List<String> arguments) throws IOException {
        Path found =
                find(program)
                        .orElseThrow(
                                () -> new IOException("there is no " + program + " on this host"));
        List<String> command = new ArrayList<>();
        command.add(found.toString());
        command.addAll(arguments);
        Path answer = Files.createTempFile("postern", ".out");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(answer.toFile())
                            .start();
            try (var to = process.getOutputStream()) {
                to.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException unread) {
                // It may well end without reading; its exit code tells.
            }
            return judge(process, String.join(" ", command), answer);
        } finally {
            Files.deleteIfExists(answer);
        }
    }

    private static String judge(Process process, String command, Path answer) throws IOException {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(
                        command + " did not end within " + PATIENCE_SECONDS + " seconds");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(command + " was interrupted", e);
        }
        String said;
        try (InputStream in = Files.newInputStream(answer)) {
            said = new String(in.readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8).strip();
        }
        if (process.exitValue() != 0) {
            throw new IOException(command + " ended with " + process.exitValue() + ": " + said);
        }
        return said;
    }
}
