package dev.postern.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// The worked example, compiled and run as its reader would: two home agents in processes of their
/// own, one of which is killed, and a mobile node.
class HomeAgentExampleTest {
    private static final long PATIENCE_SECONDS = 120;
    private static final Path SOURCES = Path.of("..", "examples", "home-agent");

    @TempDir private Path directory = Path.of("");
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void theApplicationsStateMovesAlongWithTheSessionWhenAGatewayIsKilled() throws Exception {
        Path classes = compile();
        Files.createDirectory(directory.resolve("bindings"));
        TestDomain domain = TestDomain.in(directory, 2);
        Process first = agent(classes, domain, 0);
        BlockingQueue<String> firstSaid = lines(first);
        await(firstSaid, "serving");
        BlockingQueue<String> secondSaid = lines(agent(classes, domain, 1));
        await(secondSaid, "serving");

        BlockingQueue<String> node =
                lines(run(classes, "MobileNode", domain.client().toString(), TestDomain.INNER));
        await(node, "connected to gw-0.example");
        await(node, "state is");
        first.destroyForcibly();

        assertThat(await(node, "resumed at"))
                .isEqualTo("resumed at gw-1.example, came from gw-0.example, address kept");
        assertThat(await(secondSaid, "comes from"))
                .contains("node.example")
                .contains("from gw-0.example")
                .doesNotContain("with 0 registrations");
        String state = await(node, "state is");
        int now = Integer.parseInt(state.replaceAll("state is (\\d+) registrations.*", "$1"));
        int before = Integer.parseInt(state.replaceAll(".* was (\\d+)", "$1"));
        assertThat(now).isGreaterThan(before).isGreaterThan(1);
        assertThat(before).isPositive();
    }

    private Process agent(Path classes, TestDomain domain, int number) throws IOException {
        return run(
                classes,
                "HomeAgent",
                domain.gateway(number).toString(),
                directory.resolve("bindings").toString());
    }

    private Path compile() throws IOException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-d",
                                classes.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-proc:none"));
        try (Stream<Path> files = Files.list(SOURCES)) {
            files.filter(each -> each.toString().endsWith(".java"))
                    .forEach(each -> arguments.add(each.toString()));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
        return classes;
    }

    private Process run(Path classes, String main, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                classes + ":" + System.getProperty("java.class.path"),
                                main));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }

    private static BlockingQueue<String> lines(Process process) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (BufferedReader reader = process.inputReader()) {
                        reader.lines().forEach(lines::add);
                    } catch (IOException | UncheckedIOException ended) {
                        lines.add("ended: " + ended.getMessage());
                    }
                });
        return lines;
    }

    private static String await(BlockingQueue<String> lines, String part) throws Exception {
        List<String> seen = new ArrayList<>();
        while (true) {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(line).as("no line with \"%s\" after %s", part, seen).isNotNull();
            seen.add(String.valueOf(line));
            if (line != null && line.contains(part)) {
                return line;
            }
        }
    }
}
