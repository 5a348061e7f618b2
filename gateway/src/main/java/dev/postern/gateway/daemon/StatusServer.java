package dev.postern.gateway.daemon;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.postern.esp.Verdict;
import dev.postern.gateway.dataplane.DataPlane;
import dev.postern.gateway.dataplane.DataPlaneMetrics;
import dev.postern.ike.Counter;
import dev.postern.ike.IkeEndpoint;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// The gateway's state over HTTP, where the configuration names an address: `/metrics` in
/// Prometheus' text format, `/livez` and `/readyz`. Every drop and refusal is a counter with its
/// reason as label; no series is per peer.
final class StatusServer implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int BACKLOG = 16;

    private final HttpServer server;
    private final IkeEndpoint endpoint;
    private final DataPlane dataPlane;
    private final EndpointLoop loop;
    private final IkeIntake intake;

    private StatusServer(
            HttpServer server,
            IkeEndpoint endpoint,
            DataPlane dataPlane,
            EndpointLoop loop,
            IkeIntake intake) {
        this.server = server;
        this.endpoint = endpoint;
        this.dataPlane = dataPlane;
        this.loop = loop;
        this.intake = intake;
    }

    /// @param ready what /readyz says
    /// @throws IOException where the address cannot be bound
    static StatusServer start(
            InetSocketAddress address,
            IkeEndpoint endpoint,
            DataPlane dataPlane,
            EndpointLoop loop,
            IkeIntake intake,
            BooleanSupplier ready)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(address, BACKLOG);
        } catch (IOException e) {
            throw new IOException(
                    "cannot serve the status on "
                            + address.getAddress().getHostAddress()
                            + ":"
                            + address.getPort()
                            + ": "
                            + e.getMessage(),
                    e);
        }
        StatusServer status = new StatusServer(server, endpoint, dataPlane, loop, intake);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/metrics", exchange -> answer(exchange, 200, status::metrics));
        server.createContext("/livez", exchange -> answer(exchange, 200, () -> "ok\n"));
        server.createContext(
                "/readyz",
                exchange -> {
                    boolean isReady = ready.getAsBoolean();
                    answer(exchange, isReady ? 200 : 503, () -> isReady ? "ok\n" : "draining\n");
                });
        server.start();
        return status;
    }

    private static void answer(HttpExchange exchange, int code, Supplier<String> text)
            throws IOException {
        try (exchange) {
            boolean reads =
                    exchange.getRequestMethod().equals("GET")
                            && exchange.getRequestURI()
                                    .getPath()
                                    .equals(exchange.getHttpContext().getPath());
            if (!reads) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = text.get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", TEXT);
            exchange.sendResponseHeaders(code, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String metrics() {
        StringBuilder text = new StringBuilder();
        head(
                text,
                "postern_ike_total",
                "counter",
                "IKE messages and IKE SAs by what became of them.");
        for (Counter counter : Counter.values()) {
            line(
                    text,
                    "postern_ike_total",
                    "what",
                    counter.label(),
                    endpoint.counters().get(counter));
        }
        DataPlaneMetrics packets = dataPlane.metrics();
        head(text, "postern_esp_packets_total", "counter", "Packets by direction and verdict.");
        for (Verdict verdict : Verdict.values()) {
            String label = verdict.name().toLowerCase(Locale.ROOT);
            line(text, "postern_esp_packets_total", "sealing", label, packets.sealed().of(verdict));
            line(text, "postern_esp_packets_total", "opening", label, packets.opened().of(verdict));
        }
        head(
                text,
                "postern_ike_queue_dropped_total",
                "counter",
                "Inputs that found the control plane's queue full.");
        text.append("postern_ike_queue_dropped_total ").append(loop.dropped()).append('\n');
        String leftOut = "postern_ike_left_out_total";
        head(text, leftOut, "counter", "Messages of strangers that were left out under load.");
        line(text, leftOut, "what", "foreign_ticket", intake.foreignTickets());
        line(text, leftOut, "what", "first_try", intake.firstTries());
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(
            StringBuilder text, String name, String label, String value, long count) {
        text.append(name).append('{').append(label).append("=\"").append(value).append("\"} ");
        text.append(count).append('\n');
    }

    /// Where it listens.
    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
