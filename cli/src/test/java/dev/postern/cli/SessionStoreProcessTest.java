package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A gateway with a durable session store, as a user runs it: killed with SIGKILL and started
/// again, it goes on with a client that holds nothing but a reference.
final class SessionStoreProcessTest {
    private static final long PATIENCE_SECONDS = 60;

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

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void aKilledGatewayResumesItsClientByReferenceWhenItIsBack() throws Exception {
        int port;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        write(
                "tgs.keys",
                "key 0102030405060708 " + "8f3a61c2d4e5b697".repeat(3) + "0718293a4b5c6d7e\n");
        write("gateway.toml", gatewayFile(port));
        write("client.toml", clientFile(port));
        Process first = start("gateway");
        BlockingQueue<String> gateway = linesOf(first);
        await(gateway, "gateway-ready");
        BlockingQueue<String> client = linesOf(start("client"));
        await(client, "ticket-received");

        first.destroyForcibly();
        assertThat(first.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        BlockingQueue<String> again = linesOf(start("gateway"));
        await(again, "gateway-ready");

        String switched = await(client, "switch-completed", "resumed");
        assertThat(switched).containsIgnoringCase("1rtt");
        String resumed = await(again, "established", "resumed");
        assertThat(resumed).contains("client.example");
    }

    private void write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Process start(String role) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.postern.cli.Postern",
                                role,
                                "--config",
                                directory.resolve(role + ".toml").toString())
                        .redirectErrorStream(true)
                        .start();
        processes.add(process);
        return process;
    }

    private static BlockingQueue<String> linesOf(Process process) {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual()
                .start(() -> {
                    try (BufferedReader reader = process.inputReader()) {
                        reader.lines().forEach(lines::add);
                    } catch (IOException e) {
                        lines.add("the output broke off: " + e.getMessage());
                    }
                });
        return lines;
    }

    /// The first line with all of these words; all lines before it are passed over.
    private static String await(BlockingQueue<String> lines, String... words)
            throws InterruptedException {
        List<String> seen = new ArrayList<>();
        while (true) {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(line)
                    .as("a line with %s; seen were:\n%s", List.of(words), String.join("\n", seen))
                    .isNotNull();
            if (line != null && List.of(words).stream().allMatch(line::contains)) {
                return line;
            }
            seen.add(line);
        }
    }
}
