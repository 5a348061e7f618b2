package dev.postern.cli;

import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.TicketServiceConfiguration;
import dev.postern.gateway.daemon.EventLog;
import dev.postern.gateway.daemon.TicketServiceDaemon;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(
        name = "ticket-service",
        description =
                "Seals and opens tickets for gateways that hold no TGS key, until it is told to end"
                        + " (SIGTERM, Ctrl-C).")
final class TicketServiceCommand implements Callable<Integer> {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description =
                    "The service's configuration; examples/ticket-service.toml explains every key.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        try {
            TicketServiceConfiguration configuration = TicketServiceConfiguration.read(file);
            Logging.set(configuration.log().level());
            return Daemons.runUntilTerminated(
                    TicketServiceDaemon.start(
                            configuration, EventLog.toStandardOutput(configuration.log())));
        } catch (ConfigurationException e) {
            System.err.println(e.getMessage());
            return ExitCode.WRONG_USAGE;
        } catch (IOException e) {
            System.err.println("postern: the ticket service cannot start: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }
}
