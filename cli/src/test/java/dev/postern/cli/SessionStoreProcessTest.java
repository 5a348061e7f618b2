package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// A gateway with a durable session store, as a user runs it: killed with SIGKILL and started
/// again, it goes on with a client that holds nothing but a reference.
final class SessionStoreProcessTest {
    @TempDir private Path directory;

    @Test
    void aKilledGatewayResumesItsClientByReferenceWhenItIsBack() throws Exception {
        int port = Processes.freeUdpPort();
        try (Processes processes = new Processes(directory)) {
            processes.writeTgsKey();
            processes.write(
                    "gateway.toml",
                    ConfigurationFiles.gateway(1, port)
                            + """
                            [session-store]
                            file = "sessions.db"
                            [profile.clients.resumption]
                            storage = "by-reference"
                            """);
            processes.write(
                    "client.toml",
                    ConfigurationFiles.client("client.example", port)
                            + ConfigurationFiles.WITHOUT_RFC5723);
            Processes.Running gateway = processes.start("gateway", "gateway.toml");
            gateway.await("gateway-ready");
            Processes.Running client = processes.start("client", "client.toml");
            client.await("ticket-received");

            gateway.kill();
            Processes.Running again = processes.start("gateway", "gateway.toml");
            again.await("gateway-ready");

            assertThat(client.await("switch-completed", "resumed")).containsIgnoringCase("1rtt");
            assertThat(again.await("established", "resumed")).contains("client.example");
        }
    }
}
