package dev.postern.gateway.tickets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.eap.TlsIdentity;
import dev.postern.ike.Answer;
import dev.postern.ticket.OpenedTicket;
import dev.postern.ticket.ServedTickets;
import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLSocket;

/// Who is served and who is asked: both ends of TLS 1.3 prove who they are before a ticket goes
/// either way.
final class AdmissionTest {
    @Test
    void aGatewayOfTheDomainHasTicketsSealedThatAnotherHasOpened() throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                GatewayOnLoopback a = GatewayOnLoopback.of(service.address())) {
            Session session = ExampleSession.of(7);
            Octets ticket = a.ticketOf(session);
            assertThat(service.heard.await("admitted")).isEqualTo("admitted gw-a.example");

            try (GatewayOnLoopback b =
                    GatewayOnLoopback.withCertificate("gw-b", service.address())) {
                Answer answer = b.answerTo(ExampleSession.toOpen(ticket));

                assertThat(answer).isInstanceOf(Answer.TicketOpened.class);
                try (SecretBytes chain = ((Answer.TicketOpened) answer).chain()) {
                    assertThat(ServedTickets.read(chain.expose(), Session.Kind.ONE_ROUND_TRIP))
                            .isInstanceOfSatisfying(
                                    OpenedTicket.class,
                                    opened ->
                                            assertThat(opened.session())
                                                    .usingRecursiveComparison()
                                                    .isEqualTo(session));
                }
                service.heard.await("admitted gw-b.example");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Nothing is shown to whom it does not come from.
        "foreign, Empty client certificate chain",
        "gw-z, none of them among the gateways",
        "expired, validity check failed",
        "outlived, its authority is not valid now: CN=ended-ca is valid from 2020-01-01T00:00:00Z",
        "tickets, does not permit use for TLS client authentication"
    })
    void whoeverElseIsNotServed(String certificate, String reason) throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                GatewayOnLoopback stranger =
                        GatewayOnLoopback.withCertificate(certificate, service.address())) {
            assertThat(service.heard.await("refused")).contains(reason);
            stranger.heard.await("disconnected");

            assertThat(stranger.answerTo(ExampleSession.toSeal(ExampleSession.of(1))))
                    .isInstanceOf(Answer.TicketServiceUnavailable.class);
            assertThat(stranger.heard.rest()).isEmpty();
            assertThat(service.admitted()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "impostor, PKIX path building failed",
        "ended-tickets, its authority is not valid now: CN=ended-ca",
        "web, wanted is one of [tickets.example]"
    })
    void aServiceThatCannotProveItselfIsToldNothing(String certificate, String reason)
            throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.withCertificate(certificate);
                GatewayOnLoopback gateway = GatewayOnLoopback.of(service.address())) {
            assertThat(gateway.heard.await("disconnected")).contains(reason);
            assertThat(gateway.answerTo(ExampleSession.toSeal(ExampleSession.of(1))))
                    .isInstanceOf(Answer.TicketServiceUnavailable.class);
        }
    }

    @Test
    void aServiceOfAnotherDomainIsNotAsked() throws Exception {
        try (ServiceOnLoopback service =
                        ServiceOnLoopback.withDesk(ServiceOnLoopback.desk("elsewhere"));
                GatewayOnLoopback gateway = GatewayOnLoopback.of(service.address())) {
            assertThat(gateway.heard.await("disconnected")).contains("another secure domain");
            assertThat(gateway.answerTo(ExampleSession.toSeal(ExampleSession.of(1))))
                    .isInstanceOf(Answer.TicketServiceUnavailable.class);
        }
    }

    @Test
    void whoSpeaksNoTlsIsShownOut() throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start();
                Socket plain =
                        new Socket(service.address().getAddress(), service.address().getPort())) {
            plain.getOutputStream()
                    .write("GET /tickets HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            service.heard.await("refused");
            plain.getInputStream().readAllBytes();
            assertThat(service.admitted()).isZero();
        }
    }

    @Test
    void tls12IsNotEnough() throws Exception {
        assertRefused(TicketCertificates.identity("gw-a"), "TLSv1.2", TicketFrame.PROTOCOL);
    }

    @Test
    void anotherProtocolOverTlsIsNotSpoken() throws Exception {
        assertRefused(TicketCertificates.identity("gw-a"), "TLSv1.3", "h2");
    }

    @Test
    void aGatewayWithoutACertificateIsRefused() throws Exception {
        assertRefused(null, "TLSv1.3", TicketFrame.PROTOCOL);
    }

    @Test
    void aForeignCertificateDoesNotHelpWhoeverShowsItUnasked() throws Exception {
        assertRefused(TicketCertificates.identity("foreign"), "TLSv1.3", TicketFrame.PROTOCOL);
    }

    private static void assertRefused(
            @Nullable TlsIdentity identity, String version, String protocol) throws Exception {
        try (ServiceOnLoopback service = ServiceOnLoopback.start()) {
            // In TLS 1.3 a client hears of its refusal only with the first record.
            assertThatThrownBy(
                            () -> {
                                try (SSLSocket socket =
                                        TlsByHand.connect(service, identity, version, protocol)) {
                                    socket.getInputStream().readAllBytes();
                                }
                                throw new IOException("the connection was closed");
                            })
                    .isInstanceOf(IOException.class);
            service.heard.await("refused");
            assertThat(service.admitted()).isZero();
        }
    }
}
