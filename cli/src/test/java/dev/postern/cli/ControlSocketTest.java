package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import dev.postern.cli.ControlSocket.Server;
import dev.postern.cli.ControlSocket.Standing;
import dev.postern.gateway.files.UseLock;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the commands of a client say where none answers: whose fault that is, and what to do.
final class ControlSocketTest {
    @TempDir private Path directory = Path.of("");
    private final Typed typed = new Typed();

    @BeforeEach
    void begin() throws IOException {
        try (Processes files = new Processes(directory)) {
            files.write("client.toml", KeptTicketProcessTest.keepingClient(4500));
        }
    }

    private int run(String... words) {
        return typed.run(words);
    }

    private String said() {
        return typed.said();
    }

    private String[] up(Path socket) {
        String file = directory.resolve("client.toml").toString();
        return new String[] {"client", "up", "--config", file, "--admin", socket.toString()};
    }

    private static String[] status(Path socket) {
        return new String[] {"client", "status", "--admin", socket.toString()};
    }

    @Test
    void oneThatAKilledClientHasLeftIsCalledThat() throws IOException {
        Path socket = directory.resolve("c.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
        }

        assertThat(run(status(socket))).isEqualTo(ExitCode.FAILED);
        assertThat(said())
                .contains("no client answers at " + socket + ", which one that was killed");
    }

    /// `members` stands for all that are said to a gateway.
    @Test
    void whatIsSaidToAGatewayIsToldInTheSameWords() throws IOException {
        Path absent = directory.resolve("gateway.sock");
        assertThat(run("ctl", "members", "--admin", absent.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(said())
                .contains("no gateway or ticket service answers at " + absent + "; wanted is")
                .contains("the socket that [admin] of the file of one that runs names");

        Path left = directory.resolve("left.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(left));
        }
        assertThat(run("ctl", "drain", "--admin", left.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(said()).contains(left + ", which one that was killed has left behind");

        Path file = Files.writeString(directory.resolve("gateway.toml"), "");
        assertThat(run("revoke", "list", "--admin", file.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(said()).contains(file + ", which is a file and no socket");
        assertThat(run(status(directory))).isEqualTo(ExitCode.FAILED);
        assertThat(said()).contains(directory + ", which is a directory and no socket");

        assertThat(Standing.ANOTHERS.told(left, "carol", Server.DAEMON))
                .contains("user carol may not talk to the gateway or ticket service at " + left);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "switch", "park", "watch"})
    void aClientThatHangsUpIsNotCalledAbsent(String command) throws Exception {
        Path socket = directory.resolve("c.sock");
        Thread hangsUp;
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            hangsUp =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    server.accept().close();
                                } catch (IOException nobodyCame) {
                                    // The assertion below says so.
                                }
                            });
            assertThat(run("client", command, "--admin", socket.toString()))
                    .isEqualTo(ExitCode.FAILED);
        }
        hangsUp.join();
        assertThat(said()).contains("whoever serves " + socket + " hung up");
    }

    @Test
    void aPlaceThatIsNoDirectoryIsSaidToBeNone() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThat(run(up(file.resolve("c.sock")))).isEqualTo(ExitCode.FAILED);
        assertThat(said())
                .contains("cannot make the socket " + file.resolve("c.sock"), "no directory")
                .contains("--admin");
    }

    @Test
    void whatIsAnotherUsersIsNotCalledAbsent() {
        Path socket = directory.resolve("c.sock");

        assertThat(Standing.ANOTHERS.told(socket, "carol", Server.CLIENT))
                .contains("user carol may not talk to the client at " + socket, "its owner");
        assertThat(Standing.UNSEEN.told(socket, "carol", Server.CLIENT))
                .contains("user carol cannot see whether there is a socket " + socket)
                .contains("--admin");
    }

    /// Two at a time: the later one would begin the log anew under the earlier one's client.
    @Test
    void whileOneUpWaitsForItsClientAnotherOneStartsNone() throws IOException {
        Path socket = directory.resolve("c.sock");
        Path log = Files.writeString(directory.resolve("c.sock.log"), "of the first one");
        try (UseLock first = requireNonNull(UseLock.take(log))) {
            assertThat(first).isNotNull();
            assertThat(run(up(socket))).isEqualTo(ExitCode.FAILED);
        }

        assertThat(said())
                .contains("a client is being started at " + socket)
                .contains("process " + ProcessHandle.current().pid());
        assertThat(log).hasContent("of the first one");
    }
}
