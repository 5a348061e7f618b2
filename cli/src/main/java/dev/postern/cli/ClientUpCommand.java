package dev.postern.cli;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.daemon.AdminException;
import dev.postern.gateway.files.UseLock;
import dev.postern.host.HostTools;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;

/// Starts a client in the background and waits until it is connected.
@Command(
        name = "up",
        description =
                "Starts a client in the background, in a session of its own that outlives the"
                    + " terminal's, and waits until it is connected. What it says goes to a file"
                    + " beside its socket, with .log after the name.")
final class ClientUpCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 100;

    /// Until the client answers at its socket, which a busy host may put off.
    private static final long START_MILLIS = 60_000;

    private static final String STARTS_SLOWLY =
            "the client has not begun to answer within " + START_MILLIS / 1_000;

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The client's configuration.")
    private Path file = Path.of("");

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            description = "How long to wait for a gateway; 30 where it is not said.")
    private int patience = 30;

    @Mixin private ControlSocket control = new ControlSocket();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        if (patience < 1) {
            ControlSocket.fail(
                    spec, "--wait is " + patience + "; wanted is a number of seconds from 1 up");
            return ExitCode.WRONG_USAGE;
        }
        try {
            // Mistakes are told here, not in a log file.
            control.standsAt(ClientConfiguration.read(file).adminSocket());
        } catch (ConfigurationException e) {
            spec.commandLine().getErr().println(e.getMessage());
            spec.commandLine().getErr().flush();
            return ExitCode.WRONG_USAGE;
        }
        try {
            return up(control.prepared());
        } catch (IOException e) {
            return ControlSocket.fail(spec, "the client cannot start: " + e.getMessage());
        }
    }

    /// One at a time: the log is that of the client which answers at the socket.
    private int up(Path socket) throws IOException, InterruptedException {
        Path log = logOf(socket);
        try (UseLock ours = UseLock.take(log)) {
            if (ours == null) {
                return ControlSocket.fail(
                        spec,
                        "a client is being started at "
                                + socket
                                + " by another `client up`, process "
                                + UseLock.holder(log)
                                + "; `postern client status` tells how it stands");
            }
            if (control.isServed()) {
                return ControlSocket.fail(spec, "a client runs already at " + socket);
            }
            return await(begin(socket, log), log);
        }
    }

    private static Path logOf(Path socket) {
        return socket.resolveSibling(socket.getFileName() + ".log");
    }

    /// Without a controlling terminal: neither its end (SIGHUP) nor its Ctrl-C is the client's.
    private static Path setsid() throws IOException {
        return HostTools.OF_THE_SYSTEM
                .find("setsid")
                .orElseThrow(() ->
                        new IOException(
                                "there is no setsid on this host, by which it leaves the"
                                        + " terminal; install util-linux, or have a"
                                        + " service manager run `postern client"
                                        + " --config FILE`"));
    }

    private Process begin(Path socket, Path log) throws IOException {
        Path setsid = setsid();
        Files.deleteIfExists(log);
        Files.createFile(
                log,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        // It becomes the client: its process number stays.
        return new ProcessBuilder(
                        setsid.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.postern.cli.Postern",
                        "client",
                        "--config",
                        file.toAbsolutePath().toString(),
                        "--admin",
                        socket.toString())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private int await(Process client, Path log) throws InterruptedException, IOException {
        long deadline = System.currentTimeMillis() + START_MILLIS;
        boolean answers = false;
        while (System.currentTimeMillis() < deadline) {
            if (!client.isAlive()) {
                List<String> said = Files.readAllLines(log);
                return ControlSocket.fail(
                        spec,
                        said.isEmpty()
                                ? "the client has ended"
                                : said.getLast().replaceFirst("^postern: ", ""));
            }
            String state = state();
            if (state.startsWith("connected")) {
                return control.print(spec, "status");
            }
            if (!answers && !state.isEmpty()) {
                answers = true;
                deadline = System.currentTimeMillis() + patience * 1_000L;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return ControlSocket.fail(
                spec,
                (answers ? "no gateway has answered within " + patience : STARTS_SLOWLY)
                        + " s; the client goes on trying, `postern client status` tells, and "
                        + log
                        + " what it said");
    }

    /// Empty as long as nobody answers.
    private String state() {
        try {
            return control.ask("status").getFirst();
        } catch (IOException | AdminException notYet) {
            return "";
        }
    }
}
