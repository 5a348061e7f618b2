package dev.postern.cli;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.daemon.ClientDaemon;
import dev.postern.gateway.daemon.EventLog;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(
        name = "client",
        description = {
            "With --config runs a client until it is told to end (SIGTERM, Ctrl-C, `client down`).",
            "",
            "`client up` does so in the background; the other commands talk to a running client."
        },
        subcommands = {
            ClientUpCommand.class,
            ClientDownCommand.class,
            ClientLogoutCommand.class,
            ClientStatusCommand.class,
            ClientWatchCommand.class,
            ClientSwitchCommand.class,
            ClientParkCommand.class,
            GatewaysCommand.class,
            ClientCheckCommand.class,
            ClientRestoreCommand.class
        })
final class ClientCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The client's configuration; examples/client.toml explains every key.")
    private @Nullable Path file;

    @Option(
            names = "--admin",
            paramLabel = "SOCKET",
            description = "Where it listens to the other commands; else what [admin] names.")
    private @Nullable Path admin;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        if (file == null) {
            throw new ParameterException(
                    spec.commandLine(), "Missing required option: '--config=FILE'");
        }
        try {
            ClientConfiguration configuration = ClientConfiguration.read(file);
            Logging.set(configuration.log().level());
            configuration.warnings().forEach(warning -> System.err.println("postern: " + warning));
            ClientDaemon daemon =
                    ClientDaemon.start(
                            configuration,
                            EventLog.toStandardOutput(configuration.log()),
                            admin == null ? configuration.adminSocket() : admin);
            Thread.ofPlatform().daemon().name("down").start(() -> endWhenTold(daemon));
            return Daemons.runUntilTerminated(daemon);
        } catch (ConfigurationException e) {
            System.err.println(e.getMessage());
            return ExitCode.WRONG_USAGE;
        } catch (IOException e) {
            System.err.println("postern: the client cannot start: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    /// The shutdown hook closes the daemon.
    private static void endWhenTold(ClientDaemon daemon) {
        try {
            daemon.awaitDown();
            System.exit(ExitCode.DONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
