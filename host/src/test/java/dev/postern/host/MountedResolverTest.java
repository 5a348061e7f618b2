package dev.postern.host;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/// A resolver file that is mounted over the machine's for one process, as `ip netns exec` and
/// containers do it: each test runs a process in a mount namespace of its own.
@Tag("privileged")
final class MountedResolverTest {
    private static final String MACHINES = "nameserver 192.0.2.53\n";
    private static final String OWN = "nameserver 198.51.100.53\nsearch a.long.example b.example\n";

    @TempDir private Path directory = Path.of("");
    private Path machines = Path.of("");
    private Path own = Path.of("");
    private @Nullable Process process;

    /// What runs there: does what it is told, line by line.
    static final class Told {
        private Told() {}

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]);
            Path state = Path.of(arguments[1]);
            HostTools tools = new HostTools(List.of());
            Restoration.restore(state, tools);
            HostResolver resolver =
                    new HostResolver(ResolverKind.FILE, tools, file, "lo", Journal.begin(state));
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            PrintStream said = System.out;
            said.println("ready");
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                try {
                    if (order.equals("restore")) {
                        resolver.restore();
                    } else {
                        resolver.use(
                                new HostResolver.Settings(
                                        List.of(InetAddress.ofLiteral(order)), List.of()));
                    }
                    said.println("done");
                } catch (IOException refused) {
                    said.println(refused.getMessage());
                }
            }
        }
    }

    @BeforeEach
    void write() throws IOException {
        machines = Files.writeString(directory.resolve("resolv.conf"), MACHINES);
        own = Files.writeString(Files.createDirectory(directory.resolve("own")).resolve("f"), OWN);
    }

    @AfterEach
    void end() {
        kill();
    }

    private void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    private Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process started =
                new ProcessBuilder(
                                "unshare",
                                "--mount",
                                "--propagation",
                                "private",
                                "sh",
                                "-c",
                                "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"",
                                own.toString(),
                                machines.toString(),
                                java,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Told.class.getName(),
                                machines.toString(),
                                directory.resolve("a.state").toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        process = started;
        assertThat(started.inputReader().readLine()).isEqualTo("ready");
        return started;
    }

    private static String tell(Process process, String order) throws IOException {
        process.outputWriter().append(order).append('\n').flush();
        return process.inputReader().readLine();
    }

    @Test
    void itIsWrittenInPlaceAndPutBackAndTheMachinesIsNotTouched() throws IOException {
        Process client = start();
        assertThat(tell(client, "10.1.0.53")).isEqualTo("done");
        assertThat(own).content().contains("nameserver 10.1.0.53", "search a.long.example");
        assertThat(machines).content().isEqualTo(MACHINES);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .as("nothing is written beside the machine's")
                    .containsExactlyInAnyOrder("resolv.conf", "own", "a.state");
        }
        assertThat(tell(client, "restore")).isEqualTo("done");
        assertThat(own).content().isEqualTo(OWN);
        assertThat(machines).content().isEqualTo(MACHINES);
    }

    @Test
    void afterACrashTheNextOnePutsItBack() throws IOException {
        assertThat(tell(start(), "10.1.0.53")).isEqualTo("done");
        kill();
        assertThat(own).content().contains("10.1.0.53");
        start();
        assertThat(own).content().isEqualTo(OWN);
        assertThat(machines).content().isEqualTo(MACHINES);
    }

    /// Linux takes a mount away, in every other mount namespace, when the file that it is on is
    /// replaced.
    @Test
    void whereTheMountHasGoneTheMachinesFileIsLeftAlone() throws IOException {
        Process client = start();
        assertThat(tell(client, "10.1.0.53")).isEqualTo("done");
        Path fresh = Files.writeString(directory.resolve("fresh"), "nameserver 203.0.113.53\n");
        Files.move(fresh, machines, StandardCopyOption.ATOMIC_MOVE);

        assertThat(tell(client, "10.1.0.54")).contains("has gone", "left alone");
        assertThat(tell(client, "restore")).contains("has gone", "left alone");
        assertThat(machines).content().isEqualTo("nameserver 203.0.113.53\n");
    }
}
