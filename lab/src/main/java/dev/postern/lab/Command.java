package dev.postern.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program run to its end.
///
/// @param words program and arguments
/// @param environment variables added to those of this JVM
/// @param deadline how long it may run; it is killed after that
public record Command(List<String> words, Map<String, String> environment, Duration deadline) {
    private static final Duration USUAL_DEADLINE = Duration.ofSeconds(30);

    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    public static Command of(String... words) {
        return new Command(List.of(words), Map.of(), USUAL_DEADLINE);
    }

    public static Command of(List<String> words) {
        return new Command(words, Map.of(), USUAL_DEADLINE);
    }

    public Command with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new Command(words, more, deadline);
    }

    public Command within(Duration newDeadline) {
        return new Command(words, environment, newDeadline);
    }

    /// What a program did.
    ///
    /// @param exitCode 0 for success by custom
    /// @param output standard output
    /// @param complaints standard error
    public record Result(int exitCode, String output, String complaints) {
        public boolean succeeded() {
            return exitCode == 0;
        }

        /// Both streams, for messages and searches.
        public String everything() {
            return output + complaints;
        }
    }

    /// Runs it, whatever its exit code.
    public Result run() {
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(words));
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            StringBuilder complaints = new StringBuilder();
            Thread complaintsReader =
                    Thread.ofVirtual()
                            .start(() -> complaints.append(text(process.getErrorStream())));
            StringBuilder output = new StringBuilder();
            Thread outputReader =
                    Thread.ofVirtual().start(() -> output.append(text(process.getInputStream())));
            boolean ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            outputReader.join();
            complaintsReader.join();
            if (!ended) {
                throw new LabException(
                        "`%s` did not end within %s; it printed: %s%s"
                                .formatted(this, deadline, output, complaints));
            }
            return new Result(process.exitValue(), output.toString(), complaints.toString());
        } catch (IOException e) {
            throw new LabException("`%s` could not be started".formatted(this), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while `%s` ran".formatted(this), e);
        }
    }

    /// Runs it and gives its standard output.
    ///
    /// @throws LabException with all that it printed when the exit code is not 0
    public String runSuccessfully() {
        Result result = run();
        if (!result.succeeded()) {
            throw new LabException(
                    "`%s` ended with exit code %d: %s"
                            .formatted(this, result.exitCode(), result.everything().strip()));
        }
        return result.output();
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
