package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Processes.Ended;
import dev.postern.cli.Processes.Running;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A gateway emptied as an operator does it: its clients go on at another gateway without a new
/// handshake and, but for what is on its way at that moment, without losing a packet.
final class DrainProcessTest {
    private static final int CLIENTS = 3;

    /// In flight when a client ends, or while it changes over.
    private static final long TOLERATED_LOSS = 5;

    private Processes processes = new Processes(Path.of(""));
    private String socket = "";

    @BeforeEach
    void begin(@TempDir Path directory) throws IOException {
        processes = new Processes(directory);
        processes.writeTgsKey();
        socket = directory.resolve("a.sock").toString();
    }

    @AfterEach
    void end() {
        processes.close();
    }

    private static String gatewayFile(char letter, int port, int otherPort, int statusPort) {
        String[] clients = new String[CLIENTS];
        Arrays.setAll(clients, DrainProcessTest::clientName);
        return ConfigurationFiles.gateway(letter - 'a' + 1, port, clients)
                + """
                [status]
                address = "127.0.0.1:%d"
                [admin]
                socket = "%c.sock"
                [[backup]]
                address = "127.0.0.1"
                port = %d
                """
                        .formatted(statusPort, letter, otherPort);
    }

    private static String clientName(int number) {
        return "client-" + number + ".example";
    }

    /// A client that could not find gw-b.example by itself.
    private static String clientFile(int number, int a) {
        return ConfigurationFiles.client(clientName(number), a)
                + ConfigurationFiles.WITHOUT_RFC5723
                + """
                [[gateway]]
                identity = "gw-b.example"
                address = "192.0.2.1"
                [liveness]
                traffic-silence = "10s"
                [retransmission.resume]
                transmissions = 8
                """;
    }

    /// Interop: RFC 5685 redirect in INFORMATIONAL, resumed in one round trip | Postern | both
    /// initiate
    @Test
    void anEmptiedGatewaysClientsGoOnElsewhereAndTheCommandEnds() throws Exception {
        int[] udp = {Processes.freeUdpPort(), Processes.freeUdpPort()};
        int[] tcp = {Processes.freeTcpPort(), Processes.freeTcpPort()};
        processes.write("a.toml", gatewayFile('a', udp[0], udp[1], tcp[0]));
        processes.write("b.toml", gatewayFile('b', udp[1], udp[0], tcp[1]));
        Running a = processes.start("gateway", "a.toml");
        Running b = processes.start("gateway", "b.toml");
        a.await("gateway-ready");
        b.await("gateway-ready");
        List<Running> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            processes.write("client" + i + ".toml", clientFile(i, udp[0]));
            clients.add(processes.start("client", "client" + i + ".toml"));
        }
        for (Running client : clients) {
            client.await("probe-answered");
        }
        assertThat(readiness(tcp[0])).isEqualTo(200);

        Ended drain = processes.run("ctl", "drain", "--admin", socket, "--rate", "5/s");
        assertThat(drain.exit()).as(drain.said()).isZero();
        assertThat(drain.said()).contains("3 clients are left", "The gateway is empty.");
        assertThat(readiness(tcp[0])).isEqualTo(503);
        assertThat(metric(tcp[0], "redirected_in_informational")).isEqualTo(CLIENTS);
        assertThat(metric(tcp[1], "established_resumed_1rtt")).isEqualTo(CLIENTS);
        assertThat(metric(tcp[1], "established_full")).as("no new handshake").isZero();
        for (Running client : clients) {
            client.await("switch-completed", "by=resumed-1rtt", "addressChanged=false");
            client.terminate();
            String statistics = client.await("probe-statistics");
            assertThat(lost(statistics)).as(statistics).isLessThanOrEqualTo(TOLERATED_LOSS);
        }

        Ended undrain = processes.run("ctl", "undrain", "--admin", socket);
        assertThat(undrain.exit()).as(undrain.said()).isZero();
        assertThat(undrain.said()).contains("Clients are let in again; 0 had stayed.");
        assertThat(readiness(tcp[0])).isEqualTo(200);
    }

    /// An order takes the place of the one before; one that is not under way cannot be undone; and
    /// none outlives the process.
    @Test
    void anEmptyingIsOrderedAnewUndoneOnceAndForgottenByAKilledGateway() throws Exception {
        int port = Processes.freeUdpPort();
        int status = Processes.freeTcpPort();
        processes.write("a.toml", gatewayFile('a', port, Processes.freeUdpPort(), status));
        Running a = processes.start("gateway", "a.toml");
        a.await("gateway-ready");
        assertNothingToUndo();
        assertThat(drain("--no-wait").exit()).isZero();
        Ended again = drain("--rate", "1/s");
        assertThat(again.exit()).as(again.said()).isZero();
        assertThat(again.said()).contains("0 clients are left", "The gateway is empty.");
        assertThat(readiness(status)).isEqualTo(503);
        assertThat(processes.run("ctl", "undrain", "--admin", socket).exit()).isZero();
        assertNothingToUndo();

        assertThat(drain("--no-wait").exit()).isZero();
        a.kill();
        processes.start("gateway", "a.toml").await("gateway-ready");
        assertThat(readiness(status)).isEqualTo(200);
    }

    private void assertNothingToUndo() throws Exception {
        Ended undrain = processes.run("ctl", "undrain", "--admin", socket);
        assertThat(undrain.said()).contains("nothing to undo: this gateway is not being emptied");
        assertThat(undrain.exit()).isEqualTo(ExitCode.WRONG_USAGE);
    }

    private Ended drain(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("ctl", "drain", "--admin", socket));
        arguments.addAll(List.of(options));
        return processes.run(arguments.toArray(String[]::new));
    }

    @Test
    void aDrainThatCannotBeIsRefusedInWords() throws Exception {
        int port = Processes.freeUdpPort();
        String alone = gatewayFile('a', port, port, Processes.freeTcpPort());
        processes.write("a.toml", alone.substring(0, alone.indexOf("[[backup]]")));
        Running a = processes.start("gateway", "a.toml");
        a.await("gateway-ready");
        assertRefused("there is no gateway to send clients to");
        for (String rate : List.of("fast", "50d", "0", "5/m")) {
            assertRefused("rate " + rate + " is no pace; legal is a number", "--rate=" + rate);
        }
        for (String deadline : List.of("soon", "0s")) {
            assertRefused("deadline " + deadline + " is no duration", "--deadline", deadline);
        }
        for (String itself : List.of("127.0.0.1:" + port, "gw-a.example")) {
            assertRefused("gateway " + itself + " is this one", "--to", itself);
        }
        assertRefused("legal is an address such as 192.0.2.1", "--to", "192.0.2.1:99999");
    }

    private void assertRefused(String words, String... options) throws Exception {
        Ended drain = drain(options);
        assertThat(drain.said()).contains(words);
        assertThat(drain.exit()).isEqualTo(ExitCode.WRONG_USAGE);
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
}
