package dev.postern.gateway.configuration;

import dev.postern.gateway.eap.TlsIdentity;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// All that a ticket service is told. Immutable; there is none that has not been checked.
///
/// @param gateways names of which a gateway's certificate must hold one
/// @param ticketLifetime the longest in the domain
/// @param auditEvery questions after which a line says what was answered
public record TicketServiceConfiguration(
        Path file,
        String secureDomain,
        List<InetSocketAddress> listen,
        TgsKeys tgsKeys,
        List<String> gateways,
        TlsIdentity identity,
        Duration ticketLifetime,
        int auditEvery,
        Log log,
        Admin admin) {
    public TicketServiceConfiguration {
        listen = List.copyOf(listen);
        gateways = List.copyOf(gateways);
    }

    /// Reads a file and the files it names.
    public static TicketServiceConfiguration read(Path file) throws ConfigurationException {
        return parse(file, TomlDocument.textOf(file), Instant.now());
    }

    /// Reads `text` as the contents of `file`, beside which the files that it names are looked for.
    ///
    /// @param now keys that have expired at this instant do not count
    public static TicketServiceConfiguration parse(Path file, String text, Instant now)
            throws ConfigurationException {
        Report report = new Report();
        Section top = TomlDocument.parse(report, file, text, TicketServiceFileKeys.TOP);
        TicketServiceConfiguration read = TicketServiceReader.ofService(top, now);
        report.throwIfAny();
        if (read == null) {
            throw new ConfigurationException(
                    List.of(new Problem(file, 1, "the file describes no ticket service")));
        }
        return read;
    }
}
