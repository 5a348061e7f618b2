package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// A gateway with a durable session store, as a user runs it: killed with SIGKILL and started
/// again, it goes on with a client that holds nothing but a reference.
final class SessionStoreProcessTest {
    private static String gatewayFile(int port) {
        return """
        identity = "gw.example"
        secure-domain = "example"
        member = 1
        tgs-keys = "tgs.keys"
        [listen]
        addresses = ["127.0.0.1"]
        ike-port = 0
        nat-port = %d
        [inside]
        mode = "endpoint"
        endpoint-addresses = ["10.1.0.1"]
        [pool.clients]
        addresses = "10.9.0.0/24"
        [session-store]
        file = "sessions.db"
        [profile.clients]
        pool = "clients"
        local-subnets = ["10.1.0.0/24"]
        [[profile.clients.peer]]
        id = "client.example"
        psk = "a pre-shared key for a test alone"
        [profile.clients.resumption]
        storage = "by-reference"
        """
                .formatted(port);
    }

    private static String clientFile(int port) {
        return """
        identity = "client.example"
        secure-domain = "example"
        psk = "a pre-shared key for a test alone"
        remote-subnets = ["10.1.0.0/24"]
        [[gateway]]
        identity = "gw.example"
        address = "127.0.0.1"
        port = %d
        [inside]
        mode = "probe"
        probe-protocol = "icmp"
        probe-target = "10.1.0.1"
        probe-interval = "20ms"
        [resumption]
        rfc5723 = false
        """
                .formatted(port);
    }

    @TempDir private Path directory;

    @Test
    void aKilledGatewayResumesItsClientByReferenceWhenItIsBack() throws Exception {
        int port = Processes.freeUdpPort();
        try (Processes processes = new Processes(directory)) {
            processes.writeTgsKey();
            processes.write("gateway.toml", gatewayFile(port));
            processes.write("client.toml", clientFile(port));
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
