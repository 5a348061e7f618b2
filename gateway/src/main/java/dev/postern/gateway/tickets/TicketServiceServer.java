package dev.postern.gateway.tickets;

import dev.postern.gateway.eap.TlsIdentity;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The service's end: takes connections of the domain's gateways and answers their questions, each
/// connection's in their order on a virtual thread of its own.
public final class TicketServiceServer implements AutoCloseable {
    /// Answers one question of an admitted gateway; the body of the question may be wiped.
    @FunctionalInterface
    public interface Desk {
        /// @param gateway the name by which it was admitted
        TicketFrame answer(String gateway, TicketFrame question);
    }

    /// Who hears of connections, from any thread.
    public interface Doorman {
        void admitted(String gateway, Socket from);

        /// @param reason in words, perhaps a stranger's
        void refused(Socket from, String reason);

        /// @param reason in words
        void left(String gateway, long questions, String reason);
    }

    private final MutualTls tls;
    private final List<String> gateways;
    private final Desk desk;
    private final Doorman doorman;
    private final List<ServerSocket> sockets = new ArrayList<>();
    private final Connections connections = new Connections();
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("slow-gateways").factory());
    private volatile boolean running = true;

    private TicketServiceServer(
            TlsIdentity identity, List<String> gateways, Desk desk, Doorman doorman) {
        this.tls = new MutualTls(identity);
        this.gateways = List.copyOf(gateways);
        this.desk = desk;
        this.doorman = doorman;
    }

    /// Opens the sockets and begins to serve.
    ///
    /// @param gateways names of which a gateway's certificate must hold one
    /// @throws IOException with the address that cannot be listened on
    public static TicketServiceServer start(
            List<InetSocketAddress> listen,
            TlsIdentity identity,
            List<String> gateways,
            Desk desk,
            Doorman doorman)
            throws IOException {
        TicketServiceServer server = new TicketServiceServer(identity, gateways, desk, doorman);
        for (InetSocketAddress address : listen) {
            server.open(address);
        }
        for (ServerSocket socket : server.sockets) {
            Thread.ofPlatform().name("ticket-service").start(() -> server.accept(socket));
        }
        server.watch.scheduleWithFixedDelay(server.connections::cutOffSlow, 1, 1, TimeUnit.SECONDS);
        return server;
    }

    private void open(InetSocketAddress address) throws IOException {
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(address, Connections.LIMIT);
            sockets.add(socket);
        } catch (IOException e) {
            socket.close();
            close();
            throw new IOException(
                    "cannot listen on "
                            + address.getAddress().getHostAddress()
                            + ":"
                            + address.getPort()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /// Where it listens.
    public List<InetSocketAddress> addresses() {
        return sockets.stream()
                .map(socket -> (InetSocketAddress) socket.getLocalSocketAddress())
                .toList();
    }

    /// Gateways that are connected at present.
    public int admitted() {
        return connections.admitted();
    }

    private void accept(ServerSocket socket) {
        while (running) {
            try {
                Socket raw = socket.accept();
                GatewayConnection connection = new GatewayConnection(raw, doorman);
                if (connections.add(connection)) {
                    Thread.ofVirtual().name("gateway").start(() -> serve(connection));
                } else {
                    doorman.refused(raw, "as many gateways as there may be are connected already");
                    raw.close();
                }
            } catch (IOException e) {
                // Closed, or out of descriptors for a moment.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private void serve(GatewayConnection connection) {
        try {
            connection.serve(tls, gateways, desk);
        } finally {
            connections.remove(connection);
        }
    }

    @Override
    public void close() {
        running = false;
        watch.shutdownNow();
        for (ServerSocket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
        connections.closeAll();
    }
}
