package dev.postern.gateway.tickets;

import dev.postern.crypto.SecretBytes;
import dev.postern.ticket.Revocations;
import dev.postern.ticket.SealedTickets;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TicketGrantingService;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/// A ticket service of the domain `example`, for the gateways gw-a.example and gw-b.example.
final class ServiceOnLoopback implements AutoCloseable {
    static final List<String> GATEWAYS = List.of("gw-a.example", "gw-b.example");

    /// One line for each thing that the service's doorman hears.
    final Lines heard = new Lines();

    private final TicketServiceServer server;

    private ServiceOnLoopback(String certificate, int port, TicketServiceServer.Desk desk)
            throws IOException {
        server =
                TicketServiceServer.start(
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                        TicketCertificates.identity(certificate),
                        GATEWAYS,
                        desk,
                        new Visitors(heard));
    }

    static ServiceOnLoopback start() throws IOException {
        return start(0);
    }

    static ServiceOnLoopback start(int port) throws IOException {
        return new ServiceOnLoopback("tickets", port, desk("example"));
    }

    static ServiceOnLoopback withCertificate(String name) throws IOException {
        return new ServiceOnLoopback(name, 0, desk("example"));
    }

    static ServiceOnLoopback withDesk(TicketServiceServer.Desk desk) throws IOException {
        return new ServiceOnLoopback("tickets", 0, desk);
    }

    /// An honest desk of a domain; every domain has the same key here.
    static TicketDesk desk(String domain) {
        byte[] secret = new byte[32];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) (7 * i + 1);
        }
        TgsKeyRing ring =
                TgsKeyRing.of(
                        List.of(
                                new TgsKey(
                                        0x0102030405060708L,
                                        SecretBytes.owning(secret),
                                        0,
                                        TgsKey.UNLIMITED)));
        return new TicketDesk(
                new TicketGrantingService(
                        new SealedTickets(ring), domain, new Revocations(100, 86_400)),
                domain,
                new SecureRandom()::nextBytes,
                Clock.systemUTC(),
                1_000_000,
                _ -> {});
    }

    InetSocketAddress address() {
        return server.addresses().getFirst();
    }

    int admitted() {
        return server.admitted();
    }

    @Override
    public void close() {
        server.close();
    }

    private record Visitors(Lines heard) implements TicketServiceServer.Doorman {
        @Override
        public void admitted(String gateway, Socket from) {
            heard.add("admitted " + gateway);
        }

        @Override
        public void refused(Socket from, String reason) {
            heard.add("refused " + reason);
        }

        @Override
        public void left(String gateway, long questions, String reason) {
            heard.add("left " + gateway + " after " + questions + ": " + reason);
        }
    }
}
