package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A gateway emptied as an operator does it: its clients go on at another gateway without a new
/// handshake and, but for what is on its way at that moment, without losing a packet.
final class DrainProcessTest {
    private static final long PATIENCE_SECONDS = 60;
    private static final int CLIENTS = 3;

    /// In flight when a client ends, or while it changes over.
    private static final long TOLERATED_LOSS = 5;

    @TempDir private Path directory;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private static String gatewayFile(char letter, int port, int otherPort, int statusPort) {
        return """
        identity = "gw-%c.example"
        secure-domain = "example"
        member = %d
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
        [profile.clients]
        pool = "clients"
        local-subnets = ["10.1.0.0/24"]
        [[profile.clients.peer]]
        id = "client-0.example"
        psk = "a pre-shared key for a test alone"
        [[profile.clients.peer]]
        id = "client-1.example"
        psk = "a pre-shared key for a test alone"
        [[profile.clients.peer]]
        id = "client-2.example"
        psk = "a pre-shared key for a test alone"
        [status]
        address = "127.0.0.1:%d"
        [admin]
        socket = "%c.sock"
        [[backup]]
        address = "127.0.0.1"
        port = %d
        """
                .formatted(letter, letter - 'a' + 1, port, statusPort, letter, otherPort);
    }

    private static String clientFile(int number, int a) {
        return """
        identity = "client-%d.example"
        secure-domain = "example"
        psk = "a pre-shared key for a test alone"
        remote-subnets = ["10.1.0.0/24"]
        [[gateway]]
        identity = "gw-a.example"
        address = "127.0.0.1"
        port = %d
        [[gateway]]
        identity = "gw-b.example"
        address = "192.0.2.1"
        [inside]
        mode = "probe"
        probe-protocol = "icmp"
        probe-target = "10.1.0.1"
        probe-interval = "20ms"
        [liveness]
        traffic-silence = "10s"
        [resumption]
        rfc5723 = false
        [retransmission.resume]
        transmissions = 8
        """
                .formatted(number, a);
    }

    /// Interop: RFC 5685 redirect in INFORMATIONAL, resumed in one round trip | Postern | both
    /// initiate
    @Test
    void anEmptiedGatewaysClientsGoOnElsewhereAndTheCommandEnds() throws Exception {
        int[] udp = {freeUdpPort(), freeUdpPort()};
        int[] tcp = {freeTcpPort(), freeTcpPort()};
        write(
                "tgs.keys",
                "key 0102030405060708 " + "8f3a61c2d4e5b697".repeat(3) + "0718293a4b5c6d7e\n");
        write("a.toml", gatewayFile('a', udp[0], udp[1], tcp[0]));
        write("b.toml", gatewayFile('b', udp[1], udp[0], tcp[1]));
        BlockingQueue<String> a = linesOf(start("gateway", "--config", file("a.toml")));
        BlockingQueue<String> b = linesOf(start("gateway", "--config", file("b.toml")));
        await(a, "gateway-ready");
        await(b, "gateway-ready");
        List<Process> clients = new ArrayList<>();
        List<BlockingQueue<String>> lines = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            write("client" + i + ".toml", clientFile(i, udp[0]));
            clients.add(start("client", "--config", file("client" + i + ".toml")));
            lines.add(linesOf(clients.getLast()));
        }
        for (BlockingQueue<String> client : lines) {
            await(client, "probe-answered");
        }
        assertThat(readiness(tcp[0])).isEqualTo(200);

        Process drain = start("ctl", "drain", "--admin", file("a.sock"), "--rate", "5/s");
        assertThat(drain.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        String said = new String(drain.getInputStream().readAllBytes(), UTF_8);
        assertThat(drain.exitValue()).as(said).isZero();
        assertThat(said).contains("3 clients are left", "The gateway is empty.");
        assertThat(readiness(tcp[0])).isEqualTo(503);
        assertThat(metric(tcp[0], "redirected_in_informational")).isEqualTo(CLIENTS);
        assertThat(metric(tcp[1], "established_resumed_1rtt")).isEqualTo(CLIENTS);
        assertThat(metric(tcp[1], "established_full")).as("no new handshake").isZero();
        for (int i = 0; i < CLIENTS; i++) {
            await(lines.get(i), "switch-completed", "by=resumed-1rtt", "addressChanged=false");
            // Process.destroy would close the output that is read below.
            clients.get(i).toHandle().destroy();
            String statistics = await(lines.get(i), "probe-statistics");
            assertThat(lost(statistics)).as(statistics).isLessThanOrEqualTo(TOLERATED_LOSS);
        }

        Process undrain = start("ctl", "undrain", "--admin", file("a.sock"));
        assertThat(undrain.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(undrain.exitValue()).isZero();
        assertThat(readiness(tcp[0])).isEqualTo(200);
    }

    @Test
    void aDrainThatCannotBeIsRefusedInWords() throws Exception {
        int port = freeUdpPort();
        write(
                "tgs.keys",
                "key 0102030405060708 " + "8f3a61c2d4e5b697".repeat(3) + "0718293a4b5c6d7e\n");
        String alone = gatewayFile('a', port, port, freeTcpPort());
        write("a.toml", alone.substring(0, alone.indexOf("[[backup]]")));
        BlockingQueue<String> a = linesOf(start("gateway", "--config", file("a.toml")));
        await(a, "gateway-ready");
        assertRefused("there is no gateway to send clients to");
        assertRefused("legal is a number from 0.01", "--rate", "fast");
        assertRefused("legal is one such as 90s", "--deadline", "soon");
        assertRefused("legal is an address such as 192.0.2.1", "--to", "192.0.2.1:99999");
    }

    private void assertRefused(String words, String... options) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("ctl", "drain", "--admin", file("a.sock")));
        arguments.addAll(List.of(options));
        Process drain = start(arguments.toArray(String[]::new));
        assertThat(drain.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(drain.getInputStream().readAllBytes(), UTF_8)).contains(words);
        assertThat(drain.exitValue()).isEqualTo(ExitCode.WRONG_USAGE);
    }

    private static long lost(String statistics) {
        long sent = 0;
        long received = 0;
        for (String word : statistics.split(" ", -1)) {
            if (word.startsWith("sent=")) {
                sent = Long.parseLong(word.substring("sent=".length()));
            } else if (word.startsWith("received=")) {
                received = Long.parseLong(word.substring("received=".length()));
            }
        }
        assertThat(received).isPositive();
        return sent - received;
    }

    private static int readiness(int port) throws Exception {
        return get(port, "/readyz").statusCode();
    }

    private static long metric(int port, String what) throws Exception {
        return get(port, "/metrics")
                .body()
                .lines()
                .filter(line -> line.contains("what=\"" + what + "\""))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    private void write(String name, String text) throws IOException {
        Path written = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-------"));
    }

    private Process start(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.postern.cli.Postern"));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
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
                    } catch (IOException | UncheckedIOException e) {
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
