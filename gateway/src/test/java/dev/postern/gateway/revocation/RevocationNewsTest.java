package dev.postern.gateway.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.configuration.CertificateSettings;
import dev.postern.gateway.discovery.Reach;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.CertificatePolicy;
import dev.postern.pki.OcspRequest;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationSources;
import dev.postern.pki.RevocationStatus;
import dev.postern.pki.issue.Extension;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Lists by HTTP and responders of OCSP, a real one of OpenSSL among them: one that answers, and
/// those that are down, slow, endless, lying, of another issuer or of yesterday.
class RevocationNewsTest {
    /// An octet of a response that is signed; what stands further behind may be a certificate.
    private static final int SIGNED = 100;

    /// A machine under load is no fault; what is to fail here fails at once, or by its own limit.
    private static final Duration LONG = Duration.ofMinutes(2);

    private static final RevocationSources CERTIFICATES = RevocationSources.OF_CERTIFICATES;

    private static final List<Reach> HOST = List.of(Reach.OF_THE_HOST);

    @TempDir private Path directory = Path.of("");
    @AutoClose private RevocationNews news = news(List.of(), LONG);
    private IssuingAuthority authority;

    @BeforeEach
    void makeAnAuthority() throws Exception {
        authority = new IssuingAuthority(directory, "authority");
    }

    private static RevocationNews news(List<String> lists, Duration patience) {
        return new RevocationNews(
                List.of(
                        new CertificateSettings(
                                null,
                                null,
                                List.of(),
                                CertificatePolicy.Revocation.STRICT,
                                List.of(),
                                RevocationEvidence.NONE,
                                new CertificateSettings.Online(lists, CERTIFICATES, false))),
                Clock.systemUTC(),
                patience,
                HOST);
    }

    private RevocationEvidence lookUp(X509Certificate certificate, RevocationSources sources)
            throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        news.lookUp(
                new Ask.LookUpRevocation(List.of(authority.question(certificate)), sources),
                answer::complete);
        return switch (answer.get(LONG.toSeconds(), TimeUnit.SECONDS)) {
            case Answer.RevocationFound(RevocationEvidence evidence) -> evidence;
            case Answer other -> throw new AssertionError(String.valueOf(other));
        };
    }

    private RevocationStatus status(X509Certificate certificate, RevocationSources sources)
            throws Exception {
        return lookUp(certificate, sources)
                .statusOf(certificate, authority.certificate(), Instant.now());
    }

    private RevocationStatus status(X509Certificate certificate) throws Exception {
        return status(certificate, CERTIFICATES);
    }

    private static RevocationSources responder(String address, boolean nonce) {
        return new RevocationSources(List.of(address), true, nonce);
    }

    /// Interop: OCSP of a responder that the operator names, with and without nonce | OpenSSL |
    /// Postern initiates
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResponderOfOpensslSaysWhoIsGoodAndWhoIsRevoked(boolean nonce) throws Exception {
        X509Certificate certificate = authority.issue("alice");
        X509Certificate other = authority.issue("bob");
        try (OpensslResponder openssl =
                new OpensslResponder(authority, authority.file("ca"), "-ndays", "1")) {
            RevocationSources sources = responder(openssl.address(), nonce);
            assertThat(status(certificate, sources))
                    .isInstanceOfSatisfying(
                            RevocationStatus.Good.class,
                            good ->
                                    assertThat(good.until())
                                            .isBetween(
                                                    Instant.now().plus(Duration.ofHours(23)),
                                                    Instant.now().plus(Duration.ofHours(25))));
        }
        authority.revoke(other);
        try (OpensslResponder openssl =
                new OpensslResponder(authority, authority.file("ca"), "-ndays", "1")) {
            assertThat(status(other, responder(openssl.address(), nonce)))
                    .isEqualTo(new RevocationStatus.Revoked(other));
            assertThat(status(certificate, CERTIFICATES))
                    .as("what was said stays for as long as it said")
                    .isInstanceOf(RevocationStatus.Good.class);
        }
    }

    /// Interop: OCSP at the address in a certificate | OpenSSL | Postern initiates
    @Test
    void theAddressInACertificateIsAskedWhereItIsBelieved() throws Exception {
        X509Certificate none = authority.issue("none");
        try (WebServer server = new WebServer(exchange -> exchange.sendResponseHeaders(404, -1))) {
            X509Certificate certificate =
                    authority.issue("alice", Extension.respondersAt(List.of(server.address("/"))));
            server.does(WebServer.giving(recorded(certificate)));
            assertThat(status(certificate, new RevocationSources(List.of(), false, false)))
                    .isInstanceOf(RevocationStatus.Unknown.class);
            assertThat(status(none)).isInstanceOf(RevocationStatus.Unknown.class);
            assertThat(server.requests()).isZero();
            assertThat(status(certificate)).isInstanceOf(RevocationStatus.Good.class);
        }
    }

    /// RFC 6960 section 4.2.2.2: who signs is the issuer, or holds a certificate of it for that.
    @Test
    void whoSignsHasToBeDelegated() throws Exception {
        X509Certificate certificate = authority.issue("alice");
        X509Certificate another = authority.issue("bob");
        authority.issue("delegate", Extension.purposes(List.of(Extension.Purpose.OCSP_SIGNING)));
        IssuingAuthority stranger = new IssuingAuthority(directory, "stranger");
        try (OpensslResponder delegated =
                        new OpensslResponder(authority, authority.file("delegate"), "-ndays", "1");
                OpensslResponder colleague =
                        new OpensslResponder(authority, authority.file("bob"), "-ndays", "1");
                OpensslResponder foreign =
                        new OpensslResponder(authority, stranger.file("ca"), "-ndays", "1")) {
            assertThat(status(another, responder(colleague.address(), false)))
                    .as("a certificate of the issuer that is not for OCSP")
                    .isInstanceOf(RevocationStatus.Unknown.class);
            assertThat(status(another, responder(foreign.address(), false)))
                    .as("somebody else's")
                    .isInstanceOf(RevocationStatus.Unknown.class);
            assertThat(status(certificate, responder(delegated.address(), true)))
                    .isInstanceOf(RevocationStatus.Good.class);
        }
    }

    @Test
    void anAnswerAboutSomebodyElseOrOfYesterdayOrWithoutTheNonceIsNone() throws Exception {
        X509Certificate certificate = authority.issue("alice");
        byte[] old = recorded(authority.issue("bob"));
        try (WebServer server = new WebServer(WebServer.giving(old))) {
            assertThat(status(certificate, responder(server.address("/"), false)))
                    .as("about bob")
                    .isInstanceOf(RevocationStatus.Unknown.class);
            byte[] own = recorded(certificate);
            server.does(WebServer.giving(own));
            assertThat(status(certificate, responder(server.address("/"), true)))
                    .as("a replay that does not know the nonce")
                    .isInstanceOf(RevocationStatus.Unknown.class);
            RevocationEvidence evidence =
                    new RevocationEvidence(List.of(), Map.of(certificate, own));
            assertThat(
                            evidence.statusOf(
                                    certificate,
                                    authority.certificate(),
                                    Instant.now().plus(Duration.ofHours(26))))
                    .as("after its next update")
                    .isInstanceOf(RevocationStatus.Unknown.class);
            own[SIGNED] ^= 1;
            server.does(WebServer.giving(own));
            assertThat(status(certificate, responder(server.address("/"), false)))
                    .as("changed on the way")
                    .isInstanceOf(RevocationStatus.Unknown.class);
        }
    }

    /// What OpenSSL says of a certificate now.
    private byte[] recorded(X509Certificate certificate) throws Exception {
        try (OpensslResponder openssl =
                        new OpensslResponder(authority, authority.file("ca"), "-ndays", "1");
                Web web = new Web(LONG, HOST, Web.trustingTheUsual())) {
            return web.post(
                    URI.create(openssl.address()),
                    "application/ocsp-request",
                    OcspRequest.about(certificate, authority.certificate(), new byte[0]).encoded(),
                    1 << 16);
        }
    }

    /// Interop: CRL at the address in a certificate of a trusted issuer | OpenSSL | Postern
    /// initiates
    @Test
    void aListIsFetchedFromWhereATrustedCertificateSays() throws Exception {
        try (WebServer server = new WebServer(exchange -> exchange.sendResponseHeaders(404, -1))) {
            X509Certificate certificate =
                    authority.issue("alice", Extension.listsAt(List.of(server.address("/ca.crl"))));
            X509Certificate revoked =
                    authority.issue("eve", Extension.listsAt(List.of(server.address("/ca.crl"))));
            server.does(WebServer.giving(authority.list(1, Duration.ofDays(1), revoked)));
            assertThat(status(certificate)).isInstanceOf(RevocationStatus.Good.class);
            assertThat(status(revoked)).isEqualTo(new RevocationStatus.Revoked(revoked));
            assertThat(server.requests()).as("one fetch serves both").isOne();
        }
    }

    @Test
    void aResponderThatIsDownLeavesItToTheListAndIsLeftAlone() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        try (WebServer server = new WebServer(WebServer.giving(new byte[0]))) {
            X509Certificate certificate =
                    authority.issue(
                            "alice",
                            Extension.respondersAt(List.of("http://127.0.0.1:" + closed + "/")),
                            Extension.listsAt(List.of(server.address("/ca.crl"))));
            server.does(WebServer.giving(authority.list(1, Duration.ofDays(1))));
            assertThat(status(certificate)).isInstanceOf(RevocationStatus.Good.class);
        }
    }

    /// Each answer comes, or [#lookUp] fails.
    @Test
    void aServerThatIsSilentSlowOrEndlessGivesNothing() throws Exception {
        news.close();
        news = news(List.of(), Duration.ofMillis(300));
        CountDownLatch over = new CountDownLatch(1);
        try (WebServer server = new WebServer(_ -> waitFor(over, Long.MAX_VALUE))) {
            X509Certificate certificate =
                    authority.issue("alice", Extension.listsAt(List.of(server.address("/silent"))));
            assertThat(status(certificate)).isInstanceOf(RevocationStatus.Unknown.class);

            server.does(exchange -> {
                exchange.sendResponseHeaders(200, 0);
                while (!waitFor(over, 100)) {
                    exchange.getResponseBody().write(0x30);
                    exchange.getResponseBody().flush();
                }
            });
            X509Certificate slow =
                    authority.issue(
                            "bob", Extension.respondersAt(List.of(server.address("/drip"))));
            assertThat(status(slow)).isInstanceOf(RevocationStatus.Unknown.class);

            byte[] block = new byte[1 << 20];
            server.does(exchange -> {
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 100; i++) {
                    exchange.getResponseBody().write(block);
                }
            });
            X509Certificate endless =
                    authority.issue("eve", Extension.listsAt(List.of(server.address("/endless"))));
            assertThat(status(endless)).isInstanceOf(RevocationStatus.Unknown.class);
        } finally {
            over.countDown();
        }
    }

    /// Whether it is over.
    private static boolean waitFor(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Test
    void redirectionsStayWithinTheirSchemeAndHaveAnEnd() throws Exception {
        try (WebServer server = new WebServer(WebServer.giving(new byte[0]))) {
            byte[] list = authority.list(1, Duration.ofDays(1));
            server.does(exchange -> {
                if (exchange.getRequestURI().getPath().equals("/moved")) {
                    exchange.getResponseHeaders().set("Location", "/ca.crl");
                    exchange.sendResponseHeaders(302, -1);
                } else {
                    WebServer.giving(list).answer(exchange);
                }
            });
            assertThat(
                            status(
                                    authority.issue(
                                            "alice",
                                            Extension.listsAt(List.of(server.address("/moved"))))))
                    .isInstanceOf(RevocationStatus.Good.class);
        }
        IssuingAuthority second = authority;
        for (String location : List.of("file:///etc/passwd", "https://127.0.0.1/", "/again")) {
            authority = new IssuingAuthority(directory, "authority" + location.hashCode());
            try (WebServer server =
                    new WebServer(exchange -> {
                        exchange.getResponseHeaders().set("Location", location);
                        exchange.sendResponseHeaders(302, -1);
                    })) {
                X509Certificate certificate =
                        authority.issue("a", Extension.listsAt(List.of(server.address("/ca.crl"))));
                assertThat(status(certificate))
                        .as(location)
                        .isInstanceOf(RevocationStatus.Unknown.class);
                assertThat(server.requests()).isLessThanOrEqualTo(4);
            }
        }
        authority = second;
    }

    @Test
    void addressesThatTheOperatorNamesAreFetchedAheadAndAgain() throws Exception {
        X509Certificate certificate = authority.issue("alice");
        try (WebServer server =
                        new WebServer(
                                WebServer.giving(
                                        authority.list(1, Duration.ofDays(1), certificate)));
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
                RevocationNews ahead = news(List.of(server.address("/ca.crl")), LONG)) {
            CompletableFuture<RevocationEvidence> told = new CompletableFuture<>();
            ahead.start(
                    timer,
                    evidence -> {
                        if (evidence.statusOf(certificate, authority.certificate(), Instant.now())
                                instanceof RevocationStatus.Revoked) {
                            told.complete(evidence);
                        }
                    });
            told.get(LONG.toSeconds(), TimeUnit.SECONDS);
            timer.shutdownNow();
        }
    }
}
