package dev.postern.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// One user of a file at a time, of this process and of others.
final class UseLockTest {
    private static final String OURS = Long.toString(ProcessHandle.current().pid());

    @TempDir private Path directory = Path.of("");

    /// Another process, which tries to take the lock and says whether it has.
    static final class Other {
        private Other() {}

        public static void main(String[] arguments) {
            UseLock taken = UseLock.take(Path.of(arguments[0]));
            System.out.print(taken == null ? "refused" : "taken");
        }
    }

    private static String other(Path file) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Other.class.getName(),
                                file.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Test
    void ofTwoInOneProcessTheLaterOneIsRefusedUntilTheFirstEnds() throws Exception {
        Path file = directory.resolve("ticket");
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        UseLock first = requireNonNull(UseLock.take(file));

        assertThat(UseLock.take(file)).isNull();
        assertThat(UseLock.take(link.resolve("ticket"))).as("by another name").isNull();
        assertThat(UseLock.holder(file)).isEqualTo(OURS);
        first.close();
        assertThat(UseLock.holder(file)).isNull();
        try (UseLock again = UseLock.take(file)) {
            assertThat(again).isNotNull();
        }
    }

    @Test
    void whoIsRefusedTakesNothingFromTheOneWhoHoldsIt() throws Exception {
        Path file = directory.resolve("ticket");
        UseLock first = requireNonNull(UseLock.take(file));
        assertThat(UseLock.take(file)).isNull();
        assertThat(UseLock.holder(file)).isEqualTo(OURS);

        assertThat(other(file)).isEqualTo("refused");
        first.close();
        assertThat(other(file)).isEqualTo("taken");
    }

    /// The file cannot be opened: its directory, or what stands in its place, is no good.
    @Test
    void whereNoFileCanBeMadeThisProcessIsKeptOutAllTheSame() throws Exception {
        Path file = directory.resolve("ticket");
        Files.createDirectory(directory.resolve("ticket.lock"));
        try (UseLock first = requireNonNull(UseLock.take(file))) {
            assertThat(UseLock.take(file)).isNull();
            assertThat(first).isNotNull();
        }
        try (UseLock again = UseLock.take(file)) {
            assertThat(again).isNotNull();
        }
    }
}
