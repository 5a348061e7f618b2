package dev.postern.gateway.tickets;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A gateway that holds no key, reduced to its questions.
final class GatewayOnLoopback implements AutoCloseable {
    /// Long enough for a busy machine, where it is not the deadline that is tested.
    static final Duration PATIENT = Duration.ofSeconds(20);

    /// One line for each thing that the client's listener hears.
    final Lines heard = new Lines();

    final TicketServiceClient client;

    private GatewayOnLoopback(
            String certificate, Duration deadline, List<InetSocketAddress> services) {
        client =
                TicketServiceClient.start(
                        new TicketServicePlaces(
                                services, TicketCertificates.identity(certificate), deadline),
                        "example",
                        new Listener(heard));
    }

    static GatewayOnLoopback of(InetSocketAddress... services) {
        return withCertificate("gw-a", services);
    }

    static GatewayOnLoopback withCertificate(String name, InetSocketAddress... services) {
        return new GatewayOnLoopback(name, PATIENT, List.of(services));
    }

    static GatewayOnLoopback withDeadline(Duration deadline, InetSocketAddress... services) {
        return new GatewayOnLoopback("gw-a", deadline, List.of(services));
    }

    CompletableFuture<Answer> ask(Ask.OfTicketService question) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        client.ask(
                question,
                taken -> {
                    if (!answer.complete(taken)) {
                        throw new AssertionError("a question was answered twice");
                    }
                });
        return answer;
    }

    Answer answerTo(Ask.OfTicketService question) throws Exception {
        return ask(question).get(30, TimeUnit.SECONDS);
    }

    /// The ticket of a session, from a service that is there.
    Octets ticketOf(Session session) throws Exception {
        Answer answer = answerTo(ExampleSession.toSeal(session));
        if (answer instanceof Answer.TicketSealed(Octets ticket)) {
            return ticket;
        }
        throw new AssertionError("not sealed: " + answer);
    }

    @Override
    public void close() {
        client.close();
    }

    private record Listener(Lines heard) implements TicketServiceClient.Listener {
        @Override
        public void connected(String service) {
            heard.add("connected " + service);
        }

        @Override
        public void disconnected(String service, String reason) {
            heard.add("disconnected " + service + ": " + reason);
        }
    }
}
