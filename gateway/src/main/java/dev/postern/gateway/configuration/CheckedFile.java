package dev.postern.gateway.configuration;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// A configuration file of any kind, found to be good.
public sealed interface CheckedFile {
    /// A gateway's.
    record OfGateway(GatewayConfiguration configuration) implements CheckedFile {}

    /// A client's.
    record OfClient(ClientConfiguration configuration) implements CheckedFile {}

    /// A ticket service's.
    record OfTicketService(TicketServiceConfiguration configuration) implements CheckedFile {}

    /// Reads a file as that of a client where it names gateways to connect to, as that of a ticket
    /// service where it lists addresses to listen on, else as that of a gateway.
    static CheckedFile read(Path file) throws ConfigurationException {
        String text = TomlDocument.textOf(file);
        if (TomlDocument.definesList(text, TicketServiceFileKeys.LISTEN.name())) {
            return new OfTicketService(TicketServiceConfiguration.parse(file, text, Instant.now()));
        }
        return TomlDocument.defines(text, ListedGateways.SHAPE.name())
                ? new OfClient(ClientConfiguration.parse(file, text))
                : new OfGateway(GatewayConfiguration.parse(file, text, Instant.now()));
    }

    /// What deserves a loud word though it is legal.
    default List<Problem> warnings() {
        return switch (this) {
            case OfGateway(GatewayConfiguration configuration) -> configuration.warnings();
            case OfClient(ClientConfiguration configuration) -> configuration.warnings();
            case OfTicketService _ -> List.of();
        };
    }

    /// What the daemon will do, in sentences, a line each.
    default List<String> summary() {
        return switch (this) {
            case OfGateway(GatewayConfiguration configuration) -> GatewaySummary.of(configuration);
            case OfClient(ClientConfiguration configuration) -> ClientSummary.of(configuration);
            case OfTicketService(TicketServiceConfiguration configuration) ->
                    TicketServiceSummary.of(configuration);
        };
    }
}
