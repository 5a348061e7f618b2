package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.host.Restoration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A client as the user of a desktop runs it: brought up in the background, asked, watched, and
/// ended, against a gateway in a process of its own. Unprivileged.
final class ClientCommandsProcessTest {
    @TempDir private Path directory = Path.of("");
    private Processes processes = new Processes(Path.of(""));
    private final Typed typed = new Typed();
    private final Typed watched = new Typed();

    @BeforeEach
    void begin() throws Exception {
        processes = new Processes(directory);
        int port;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        processes.writeTgsKey();
        processes.write("gateway.toml", ConfigurationFiles.gateway(1, port));
        processes.write("client.toml", KeptTicketProcessTest.keepingClient(port));
        processes.start("gateway", "gateway.toml").await("gateway-ready");
    }

    @AfterEach
    void end() {
        run("client", "down", "--logout", "--admin", socket());
        processes.close();
    }

    private String socket() {
        return directory.resolve("c.sock").toString();
    }

    private int run(String... words) {
        return typed.run(words);
    }

    private String said() {
        return typed.said();
    }

    private String[] upWaiting(String seconds) {
        String file = directory.resolve("client.toml").toString();
        return new String[] {
            "client", "up", "--wait", seconds, "--config", file, "--admin", socket()
        };
    }

    private int up() {
        return run(upWaiting("120"));
    }

    @Test
    void upWaitsForTheGatewayAndStatusSaysWhichOneServes() throws Exception {
        assertThat(up()).as(said()).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("connected", "gw-a.example", "by full-exchange");
        assertThat(up()).isEqualTo(ExitCode.FAILED);
        assertThat(said()).contains("runs already");
        processes.write(
                "named.toml",
                Files.readString(directory.resolve("client.toml"))
                        + "[admin]\nsocket = \"c.sock\"\n");
        String named = directory.resolve("named.toml").toString();
        assertThat(run("client", "up", "--config", named)).isEqualTo(ExitCode.FAILED);
        assertThat(said()).contains("runs already at " + socket());
        assertThat(run("client", "status", "--json", "--admin", socket())).isZero();
        assertThat(said()).startsWith("{\"state\":\"connected\"").contains("\"switches\":0");
        assertThat(run("client", "check", "--admin", socket())).isZero();
        assertThat(run("client", "switch", "--admin", socket())).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(said()).contains("it serves us already");
        assertThat(run("client", "switch", "gw-9", "--admin", socket()))
                .isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(said()).contains("there is no such gateway; known are gw-a.example");
        assertThat(run("client", "gateways", "--admin", socket())).isZero();
        assertThat(said()).contains("LAST RESULT", "gw-a.example", "serves us");
        CompletableFuture<Integer> watching = CompletableFuture.supplyAsync(this::watch);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!watched.said().contains("switch-completed")) {
            assertThat(System.nanoTime()).as("nothing to watch").isLessThan(deadline);
            Thread.sleep(20);
        }

        assertThat(run("client", "down", "--admin", socket())).as(said()).isZero();
        assertThat(watching.get(2, TimeUnit.MINUTES)).as(watched.said()).isEqualTo(ExitCode.DONE);
        assertThat(directory.resolve("client.ticket")).as("the session is parked").exists();
        assertThat(Files.exists(Path.of(socket()))).isFalse();

        assertThat(up()).as(said()).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("by resumed-1rtt");
        assertThat(run("client", "logout", "--admin", socket())).as(said()).isZero();
        assertThat(directory.resolve("client.ticket")).doesNotExist();
        Files.writeString(directory.resolve("client.ticket"), "of an earlier run");
        assertThat(logOutOfNone()).as(said()).isZero();
        assertThat(said()).contains("is removed");
        assertThat(directory.resolve("client.ticket")).doesNotExist();
        assertThat(logOutOfNone()).isZero();
        assertThat(said()).contains("There is no ticket");
    }

    @Test
    void aSessionRestsWhenItsUserSaysSo() throws Exception {
        assertThat(run("client", "park", "--admin", socket())).isEqualTo(ExitCode.FAILED);
        assertThat(said()).contains("no client answers at " + socket());
        Path file = directory.resolve("client.toml");
        Files.writeString(file, Files.readString(file).replace("\"20ms\"", "\"60s\""));
        assertThat(up()).as(said()).isEqualTo(ExitCode.DONE);

        // A request of the probe may come just then, and wakes it.
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        do {
            assertThat(System.nanoTime()).as(said()).isLessThan(deadline);
            if (run("client", "park", "--admin", socket()) == ExitCode.DONE) {
                assertThat(said()).contains("The session rests until the next packet.");
            }
            assertThat(run("client", "status", "--json", "--admin", socket())).isZero();
        } while (!said().startsWith("{\"state\":\"parked\""));

        assertThat(run("client", "down", "--admin", socket())).as(said()).isZero();
        assertThat(up()).as(said()).isEqualTo(ExitCode.DONE);
        assertThat(said()).contains("by resumed-1rtt");
    }

    /// The session of a terminal ends with its leader, as that of `ssh -t` does: what is left in it
    /// is sent SIGHUP.
    @Test
    void aClientOutlivesTheTerminalThatItWasStartedAt() throws Exception {
        Processes.Ended up = processes.runAtTerminal(upWaiting("120"));

        assertThat(up.exit()).as(up.said()).isEqualTo(ExitCode.DONE);
        assertThat(up.said()).contains("connected");
        String pid = clientsProcess();
        // Behind the name: state, parent, process group, session, terminal.
        String[] stat =
                Files.readString(Path.of("/proc", pid, "stat"))
                        .replaceFirst(".*\\) ", "")
                        .split(" ");
        assertThat(List.of(stat).subList(2, 5))
                .as("process group, session and terminal")
                .containsExactly(pid, pid, "0");
        assertThat(Files.readSymbolicLink(Path.of("/proc", pid, "fd", "0")))
                .isEqualTo(Path.of("/dev/null"));
        assertThat(run("client", "status", "--admin", socket())).as(said()).isZero();
        assertThat(said()).startsWith("connected");
    }

    /// The number of the one that serves our socket.
    private String clientsProcess() {
        return ProcessHandle.allProcesses()
                .map(each -> Long.toString(each.pid()))
                .filter(pid -> wordsOf(pid).containsAll(List.of("client", socket())))
                .findFirst()
                .orElseThrow();
    }

    /// Of a command line; none where it has ended.
    private static List<String> wordsOf(String pid) {
        try {
            return List.of(Files.readString(Path.of("/proc", pid, "cmdline")).split("\0"));
        } catch (IOException ended) {
            return List.of();
        }
    }

    private int logOutOfNone() {
        return run(
                "client",
                "logout",
                "--admin",
                socket(),
                "--config",
                directory.resolve("client.toml").toString());
    }

    private int watch() {
        return watched.run("client", "watch", "--all", "--admin", socket());
    }

    private void aWaitThatIsNoneIsRefused() {
        assertThat(run(upWaiting("-5"))).isEqualTo(ExitCode.WRONG_USAGE);
        assertThat(said()).contains("--wait is -5; wanted is");
    }

    @Test
    void withoutAClientEachCommandSaysWhatToDo() throws IOException {
        aWaitThatIsNoneIsRefused();
        for (String command : new String[] {"status", "watch", "check", "down", "logout"}) {
            assertThat(run("client", command, "--admin", socket())).isEqualTo(ExitCode.FAILED);
            assertThat(said()).contains("no client answers at", "postern client up");
        }
        assertThat(run("client", "restore", "--state", directory.toString())).isZero();
        assertThat(said()).contains("nothing to put back");
        Path journal = Restoration.journalOf(directory, "tun9");
        Files.writeString(journal, "x".repeat(5_000_000));
        assertThat(run("client", "restore", "--state", directory.toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(said()).contains(journal.toString()).doesNotContain("nothing to put back");
    }
}
