package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.configuration.Log;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/// A real gateway on loopback, unprivileged.
final class GatewayDaemonTest {
    @TempDir private Path directory;

    @Test
    void whatIsDroppedIsCountedByReasonOnTheStatusPage() throws Exception {
        int statusPort = freeTcpPort();
        try (GatewayDaemon gateway = start(statusPort);
                DatagramSocket stranger = new DatagramSocket()) {
            InetSocketAddress to = gateway.addresses().getFirst();
            byte[] noise = new byte[40];
            stranger.send(new DatagramPacket(noise, noise.length, to));
            String metrics = "";
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (!metrics.contains("postern_ike_total{what=\"malformed_version\"} 1")
                    && System.nanoTime() < deadline) {
                metrics = get(statusPort, "/metrics").body();
            }
            assertThat(metrics).contains("postern_ike_total{what=\"malformed_version\"} 1");
            assertThat(metrics).contains("postern_ike_total{what=\"dropped_unknown_spi\"} 0");
            assertThat(get(statusPort, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(statusPort, "/livez").statusCode()).isEqualTo(200);
            assertThat(get(statusPort, "/metrics/other").statusCode()).isEqualTo(404);
        }
    }

    private GatewayDaemon start(int statusPort) throws Exception {
        write(
                "tgs.keys",
                "key 0102030405060708"
                        + " 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n");
        Path file =
                write(
                        "gateway.toml",
                        """
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
                        [profile.clients]
                        pool = "clients"
                        local-subnets = ["10.1.0.0/24"]
                        [[profile.clients.peer]]
                        id = "client.example"
                        psk = "a pre-shared key for a test alone"
                        [log]
                        level = "warn"
                        [status]
                        address = "127.0.0.1:%d"
                        """
                                .formatted(freeUdpPort(), statusPort));
        GatewayConfiguration configuration = GatewayConfiguration.read(file);
        return GatewayDaemon.start(
                configuration,
                EventLog.toStandardOutput(new Log(Log.Level.WARN, Log.Format.TEXT, null)));
    }

    private Path write(String name, String text) throws Exception {
        Path file = Files.writeString(directory.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int freeTcpPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static int freeUdpPort() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
