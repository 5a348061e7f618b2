package dev.postern.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `postern demo` as a user starts it: real processes, a real SIGKILL, a real Ctrl-C.
final class DemoProcessTest {
    private static final long PATIENCE_SECONDS = 240;

    /// Less than a client waits before it repeats a request.
    private static final int UNREPEATED_MILLIS = 120;

    @TempDir private Path temporary;

    private Process demo;

    @BeforeEach
    void start() throws IOException {
        demo =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Djava.io.tmpdir=" + temporary,
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.postern.cli.Postern",
                                "demo")
                        .redirectErrorStream(true)
                        .start();
    }

    @AfterEach
    void end() {
        demo.descendants().forEach(ProcessHandle::destroyForcibly);
        demo.destroyForcibly();
    }

    @Test
    void itShowsAResumeAndAFullExchangeAndLeavesNothingBehind() throws Exception {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = demo.inputReader()) {
            reader.lines().forEach(lines::add);
        }
        assertThat(demo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).as(String.join("\n", lines)).isZero();
        assertThat(lines)
                .anyMatch(line -> line.contains("resumed-1rtt") && line.contains("the same"));
        assertThat(lines).anyMatch(line -> line.matches(messages(lines)));
        assertThat(lines).anyMatch(line -> line.matches(" *key agreements computed +0 +2 *"));
        assertThat(files()).isEmpty();
    }

    /// One round trip here, two there. A machine so busy that an answer takes longer than a client
    /// waits before it asks again sees some of them more than once.
    private static String messages(List<String> lines) {
        List<Integer> millis =
                lines.stream()
                        .filter(line -> line.matches(" *decision to new tunnel .*"))
                        .flatMap(line ->
                                Stream.of(line.replaceAll("[^0-9 ]", "").trim().split(" +")))
                        .map(Integer::valueOf)
                        .toList();
        assertThat(millis).hasSize(2);
        return " *IKE messages +"
                + (millis.getFirst() < UNREPEATED_MILLIS ? "2" : "\\d+")
                + " +"
                + (millis.getLast() < UNREPEATED_MILLIS ? "4" : "\\d+")
                + " *";
    }

    @Test
    void ctrlCEndsItsProcessesAndRemovesItsFiles() throws Exception {
        BufferedReader reader = demo.inputReader();
        String line = reader.readLine();
        while (line != null && !line.contains("gateways are up")) {
            line = reader.readLine();
        }
        assertThat(line).as("the line that says that the gateways are up").isNotNull();
        List<ProcessHandle> children = demo.descendants().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(2);
        new ProcessBuilder("kill", "-INT", String.valueOf(demo.pid())).start().waitFor();
        assertThat(demo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        for (ProcessHandle child : children) {
            child.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(child.isAlive()).isFalse();
        }
        assertThat(files()).isEmpty();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith("postern-demo"))
                    .toList();
        }
    }
}
