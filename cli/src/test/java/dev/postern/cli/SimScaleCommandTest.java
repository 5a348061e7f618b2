package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What `postern sim-scale` refuses, before its runs.
final class SimScaleCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private void refuses(String directory, String why, String... options) {
        int code =
                new CommandLine(new Postern())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute(
                                Stream.concat(Stream.of("sim-scale", directory), Stream.of(options))
                                        .toArray(String[]::new));
        assertThat(code).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(err.toString()).contains(why, "Usage: postern sim-scale");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anEmptyNameIsNoDirectory() {
        refuses("", "DIRECTORY is empty; \".\" is the one you are in");
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMade(@TempDir Path directory) {
        refuses(directory.resolve("docs").toString(), "docs does not exist; name one that exists");
    }

    @Test
    void aFileIsNoDirectory(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("docs"), "");
        refuses(file.toString(), "docs is no directory; name one that exists");
    }

    @Test
    void withoutResultsOfRealClientsThePageIsNotMade(@TempDir Path directory) {
        refuses(
                directory.toString(),
                " has no scale-real.txt, which the page is made of; --real 10000 makes it");
    }

    @Test
    void resultsThatNobodyWroteAreTold(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("scale-real.txt"), "clients many\n");
        refuses(
                directory.toString(),
                "scale-real.txt: clients has \"many\", which is no number; --real 10000 makes it");
    }

    @Test
    void tooFewAndTooManyRealClientsAreRefused(@TempDir Path directory) {
        refuses(directory.toString(), "--real 199; legal is 200 to 1000000", "--real", "199");
        refuses(directory.toString(), "--real 1000001; legal is 200 to", "--real", "1000001");
        for (String none : List.of("many", "99999999999", "1e4")) {
            String words = "\"" + none + "\"; legal is 200 to 1000000";
            refuses(directory.toString(), words, "--real", none);
        }
    }

    /// Nobody, not even root, makes a file there.
    @Test
    void whereNothingCanBeWrittenIsToldBeforeTheRuns() {
        refuses("/proc", "no file can be written into DIRECTORY /proc: ");
        assertThat(err.toString())
                .as("a reason, and no file's name")
                .containsPattern("/proc: (its file system takes no new file|this user may not)");
    }
}
