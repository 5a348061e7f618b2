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

/// What `postern sim-scale` refuses, before its runs.
final class SimScaleCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private void refuses(String directory, String why) {
        int code =
                new CommandLine(new Postern())
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(err))
                        .execute("sim-scale", directory);
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

    /// Nobody, not even root, makes a file there.
    @Test
    void whereNothingCanBeWrittenIsToldBeforeTheRuns() {
        refuses("/proc", "no file can be written into DIRECTORY /proc: ");
        assertThat(err.toString())
                .as("a reason, and no file's name")
                .containsPattern("/proc: (its file system takes no new file|this user may not)");
    }
}
