package dev.postern.cli;

import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.daemon.EventLog;
import dev.postern.gateway.daemon.GatewayDaemon;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(
        name = "gateway",
        description = "Runs a gateway until it is told to end (SIGTERM, Ctrl-C).")
final class GatewayCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The gateway's configuration; examples/gateway.toml explains every key.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        try {
            GatewayConfiguration configuration = GatewayConfiguration.read(file);
            Logging.set(configuration.log().level());
            configuration.warnings().forEach(warning -> System.err.println("postern: " + warning));
            GatewayDaemon daemon =
                    GatewayDaemon.start(
                            configuration, EventLog.toStandardOutput(configuration.log()));
            return Daemons.runUntilTerminated(daemon, daemon.refused());
        } catch (ConfigurationException e) {
            System.err.println(e.getMessage());
            return ExitCode.WRONG_USAGE;
        } catch (IOException e) {
            System.err.println("postern: the gateway cannot start: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }
}
