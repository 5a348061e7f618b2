package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Path;
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
        return LoopbackGateway.in(directory)
                .start(
                        LoopbackGateway.PEER
                                + """
                                [log]
                                level = "warn"
                                [status]
                                address = "127.0.0.1:%d"
                                """
                                        .formatted(statusPort),
                        EventLog.toStandardOutput(new Log(Log.Level.WARN, Log.Format.TEXT, null)));
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
}
