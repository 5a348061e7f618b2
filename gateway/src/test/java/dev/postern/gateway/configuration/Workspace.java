package dev.postern.gateway.configuration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;

/// A directory with the files that the configurations of the tests name.
record Workspace(Path directory) {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final String TGS_KEY =
            "key 00000000000000a1"
                    + " 8f0d3c5a77e1b264c1d95e3b20aa64f7113c9d02be58a4e6f07b12c86d35e941\n";
    static final String PSK = "correct horse battery staple";

    /// The shortest good file of a gateway; its secrets are in files of their own.
    static final String GATEWAY =
            """
            identity = "gw-a.example"
            secure-domain = "example"
            member = 1
            tgs-keys = "tgs.keys"
            [listen]
            addresses = ["192.0.2.1"]
            [pool.clients]
            addresses = "10.9.0.0/24"
            [profile.staff]
            pool = "clients"
            local-subnets = ["10.1.0.0/24"]
            [[profile.staff.peer]]
            id = "alice@example"
            psk-file = "alice.psk"
            """;

    /// The shortest good file of a client.
    static final String CLIENT =
            """
            identity = "alice@example"
            psk-file = "alice.psk"
            secure-domain = "example"
            remote-subnets = ["10.1.0.0/24"]
            [[gateway]]
            identity = "gw-a.example"
            address = "192.0.2.1"
            """;

    static Workspace in(Path directory) {
        Workspace workspace = new Workspace(directory);
        workspace.write("tgs.keys", TGS_KEY, "rw-------");
        workspace.write("alice.psk", PSK + "\n", "rw-------");
        return workspace;
    }

    Path write(String name, String text, String mode) {
        try {
            Path file = Files.writeString(directory.resolve(name), text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GatewayConfiguration gateway(String text) throws ConfigurationException {
        return GatewayConfiguration.parse(directory.resolve("gateway.toml"), text, NOW);
    }

    ClientConfiguration client(String text) throws ConfigurationException {
        return ClientConfiguration.parse(directory.resolve("client.toml"), text);
    }

    TicketServiceConfiguration ticketService(String text) throws ConfigurationException {
        return TicketServiceConfiguration.parse(
                directory.resolve("ticket-service.toml"), text, NOW);
    }

    /// What is wrong with a ticket service's file, without the directory.
    List<String> problemsOfTicketService(String text) {
        try {
            ticketService(text);
            return List.of();
        } catch (ConfigurationException e) {
            return told(e);
        }
    }

    /// What is wrong with a gateway's file, without the directory.
    List<String> problemsOfGateway(String text) {
        try {
            gateway(text);
            return List.of();
        } catch (ConfigurationException e) {
            return told(e);
        }
    }

    /// What is wrong with a client's file, without the directory.
    List<String> problemsOfClient(String text) {
        try {
            client(text);
            return List.of();
        } catch (ConfigurationException e) {
            return told(e);
        }
    }

    List<String> told(ConfigurationException e) {
        return e.problems().stream().map(this::told).toList();
    }

    String told(Problem problem) {
        return problem.toString().replace(directory + "/", "");
    }
}
