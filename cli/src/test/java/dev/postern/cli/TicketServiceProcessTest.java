package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Processes.Running;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Two gateways without TGS keys, the ticket service of their domain, and a client, as a user runs
/// them. The certificates are those of the gateway module's tests.
final class TicketServiceProcessTest {
    private static final Path CERTIFICATES =
            Path.of("..", "gateway", "src", "test", "resources", "tickets");

    @TempDir private Path directory;
    private final int[] ports = {Processes.freeUdpPort(), Processes.freeUdpPort()};
    private final int servicePort = Processes.freeTcpPort();

    private String gatewayFile(String name, int member) {
        return ConfigurationFiles.gateway(member, ports[member - 1])
                        .replace(ConfigurationFiles.TGS_KEYS, "")
                + """
                [ticket-service]
                addresses = ["127.0.0.1:%2$d"]
                names = ["tickets.example"]
                certificate = "%1$s.pem"
                private-key = "%1$s.key"
                trust = "ca.pem"
                deadline = "800ms"
                """
                        .formatted(name, servicePort);
    }

    private String serviceFile() {
        return """
        secure-domain = "example"
        listen = ["127.0.0.1:%d"]
        tgs-keys = "tgs.keys"
        gateways = ["gw-a.example", "gw-b.example"]
        certificate = "tickets.pem"
        private-key = "tickets.key"
        trust = "ca.pem"
        """
                .formatted(servicePort);
    }

    @BeforeEach
    void copyCertificates() throws IOException {
        Processes processes = new Processes(directory);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(CERTIFICATES, "*.{pem,key}")) {
            for (Path file : files) {
                processes.write(file.getFileName().toString(), Files.readString(file));
            }
        }
        processes.writeTgsKey();
        processes.write("ticket-service.toml", serviceFile());
        processes.write("gw-a.toml", gatewayFile("gw-a", 1));
        processes.write("gw-b.toml", gatewayFile("gw-b", 2));
        processes.write("client.toml", ConfigurationFiles.client("client.example", ports));
    }

    @Test
    void aClientIsResumedAtTheOtherGatewayAsLongAsTheServiceIsThere() throws Exception {
        try (Processes processes = new Processes(directory)) {
            Running service = processes.start("ticket-service", "ticket-service.toml");
            service.await("ticket-service-ready");
            Running a = processes.start("gateway", "gw-a.toml");
            Running b = processes.start("gateway", "gw-b.toml");
            a.await("ticket-service-connected");
            b.await("ticket-service-connected");
            service.await("gateway-admitted");
            Running client = processes.start("client", "client.toml");
            client.await("ticket-received");
            client.await("probe-answered");

            a.kill();
            assertThat(client.await("switch-completed")).contains("by=resumed-1rtt");
            assertThat(b.await("established")).contains("client.example");
            client.await("probe-answered");

            // Without the service the session lives on, and the next gateway cannot resume it.
            service.kill();
            b.await("ticket-service-lost");
            Running secondA = processes.start("gateway", "gw-a.toml");
            secondA.await("ticket-service-lost");
            assertThat(client.lines()).noneMatch(line -> line.contains("switch-started"));
            b.kill();
            assertThat(client.await("switch-completed")).contains("by=full");

            // When it is back the client gets a ticket in an exchange of its own.
            processes.start("ticket-service", "ticket-service.toml").await("ticket-service-ready");
            secondA.await("ticket-service-connected");
            client.await("ticket-received");
            Running secondB = processes.start("gateway", "gw-b.toml");
            secondB.await("ticket-service-connected");
            secondA.kill();
            assertThat(client.await("switch-completed")).contains("by=resumed-1rtt");
        }
    }

    /// A service that hangs keeps its connections: the gateway waits for `deadline`, no longer.
    @Test
    void aServiceThatHangsCostsAFullExchangeAndNoMore() throws Exception {
        try (Processes processes = new Processes(directory)) {
            Running service = processes.start("ticket-service", "ticket-service.toml");
            Running a = processes.start("gateway", "gw-a.toml");
            Running b = processes.start("gateway", "gw-b.toml");
            a.await("ticket-service-connected");
            b.await("ticket-service-connected");
            Running client = processes.start("client", "client.toml");
            client.await("ticket-received");

            service.signal("STOP");
            a.kill();
            assertThat(client.await("switch-completed")).contains("by=full");
            client.await("probe-answered");
            assertThat(client.lines()).noneMatch(line -> line.contains("ticket-received"));

            service.signal("CONT");
            client.await("ticket-received");
        }
    }

    /// Of another name, of another authority: neither is handed a ticket.
    @ParameterizedTest
    @CsvSource({"web, tickets.example", "impostor, unable to find valid certification path"})
    void aServiceWithAnotherCertificateIsNotBelieved(String certificate, String why)
            throws Exception {
        try (Processes processes = new Processes(directory)) {
            processes.write(
                    "ticket-service.toml",
                    serviceFile()
                            .replace("\"tickets.p", "\"" + certificate + ".p")
                            .replace("\"tickets.k", "\"" + certificate + ".k"));
            processes.start("ticket-service", "ticket-service.toml").await("ticket-service-ready");
            Running a = processes.start("gateway", "gw-a.toml");
            assertThat(a.await("ticket-service-lost")).contains(why);
            processes.start("gateway", "gw-b.toml").await("gateway-ready");
            Running client = processes.start("client", "client.toml");
            client.await("probe-answered");

            a.kill();
            assertThat(client.await("switch-completed")).contains("by=full");
        }
    }
}
