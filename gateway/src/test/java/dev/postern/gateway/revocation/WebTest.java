package dev.postern.gateway.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.postern.gateway.discovery.Reach;
import dev.postern.gateway.discovery.WayOut;
import dev.postern.net.RoutingRule.SourcePort;
import dev.postern.pki.Pem;
import dev.postern.pki.issue.Extension;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// By which way the web is reached, and what a server is told.
class WebTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int LONGEST = 1_000;
    private static final byte[] LIST = "a list".getBytes(StandardCharsets.US_ASCII);

    @TempDir private Path directory = Path.of("");

    private static Web web(Reach... reaches) {
        return new Web(LONG, List.of(reaches), Web.trustingTheUsual());
    }

    private static Reach broken(String name, String why) {
        return new Reach(
                name,
                _ -> {
                    throw new IOException(why);
                },
                WayOut.NONE_NEEDED);
    }

    @Test
    void theWayIsOpenFromBeforeTheFirstPacketToTheEndOfTheAnswer() throws Exception {
        BlockingQueue<SourcePort> opened = new LinkedBlockingQueue<>();
        BlockingQueue<SourcePort> closed = new LinkedBlockingQueue<>();
        WayOut way =
                (ipv4, port) -> {
                    assertThat(ipv4).isTrue();
                    opened.add(port);
                    return () -> closed.add(port);
                };
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        try (WebServer server =
                        new WebServer(exchange -> {
                            assertThat(closed).isEmpty();
                            seen.complete(exchange.getRemoteAddress().getPort());
                            WebServer.giving(LIST).answer(exchange);
                        });
                Web web = web(new Reach("out", Reach.OF_THE_HOST.hosts(), way))) {
            assertThat(web.get(URI.create(server.address("/")), LONGEST)).isEqualTo(LIST);
            SourcePort port = SourcePort.tcp(seen.get(2, TimeUnit.MINUTES));
            assertThat(opened).containsExactly(port);
            assertThat(closed.poll(2, TimeUnit.MINUTES)).isEqualTo(port);
        }
    }

    /// A dead tunnel, or a server that is found on its other side alone.
    @Test
    void whereOneWayGivesNothingTheNextOneDoes() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Reach dead =
                new Reach(
                        "dead",
                        _ -> {
                            over.await();
                            throw new IOException("never");
                        },
                        WayOut.NONE_NEEDED);
        try (WebServer server = new WebServer(WebServer.giving(LIST));
                Web failing = web(broken("out", "no such name"), Reach.OF_THE_HOST);
                Web silent = web(dead, Reach.OF_THE_HOST)) {
            URI address = URI.create(server.address("/"));
            assertThat(failing.get(address, LONGEST)).isEqualTo(LIST);
            assertThat(silent.get(address, LONGEST)).isEqualTo(LIST);
        } finally {
            over.countDown();
        }
    }

    @Test
    void whereNoWayGivesAnythingBothAreNamed() {
        try (Web web = web(broken("out", "no such name"), broken("in", "refused"))) {
            assertThatThrownBy(() -> web.get(URI.create("http://ca.example/"), LONGEST))
                    .isInstanceOf(IOException.class)
                    .hasMessage("out: no such name; in: refused");
        }
    }

    @Test
    void anAddressWithoutAServerIsRefused() {
        try (Web web = web(Reach.OF_THE_HOST)) {
            for (String address : List.of("http:///ca.crl", "http:ca.crl")) {
                assertThatThrownBy(() -> web.get(URI.create(address), LONGEST))
                        .as(address)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("names no server");
            }
        }
    }

    /// RFC 9112 sections 3.2 and 3.2.1, RFC 9110 section 7.2.
    @Test
    void aRequestNamesItsTargetItsHostAndItsEnd() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Web web = web(Reach.OF_THE_HOST)) {
            CompletableFuture<String> request =
                    CompletableFuture.supplyAsync(() -> answered(server));
            String authority = "127.0.0.1:" + server.getLocalPort();
            assertThat(
                            web.post(
                                    URI.create("http://" + authority + "?a=b%20c"),
                                    "application/ocsp-request",
                                    LIST,
                                    LONGEST))
                    .isEmpty();
            assertThat(request.get(2, TimeUnit.MINUTES))
                    .startsWith("POST /?a=b%20c HTTP/1.1\r\nHost: " + authority + "\r\n")
                    .contains("\r\nConnection: close\r\n")
                    .contains("\r\nContent-Type: application/ocsp-request\r\n")
                    .endsWith("\r\nContent-Length: 6\r\n\r\na list");
        }
    }

    private static String answered(ServerSocket server) {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\na list") < 0) {
                int octet = in.read();
                if (octet < 0) {
                    throw new EOFException(request.toString());
                }
                request.append((char) octet);
            }
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return request.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// RFC 9110 section 4.3.4: the certificate is of a trusted authority and names the host.
    @Test
    void httpsIsBelievedWhereTheServersCertificateNamesIt() throws Exception {
        IssuingAuthority authority = new IssuingAuthority(directory, "authority");
        SSLSocketFactory trusting = trusting(authority.certificate());
        for (String name : List.of("127.0.0.1", "192.0.2.1")) {
            X509Certificate certificate =
                    authority.issue(
                            "server-" + name,
                            Extension.names(
                                    List.of(Identity.address(InetAddress.ofLiteral(name))), false));
            HttpsServer server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(
                    new HttpsConfigurator(proving(authority, "server-" + name, certificate)));
            server.createContext(
                    "/",
                    exchange -> {
                        try (exchange) {
                            WebServer.giving(LIST).answer(exchange);
                        }
                    });
            server.start();
            URI address = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
            try (Web web = new Web(LONG, List.of(Reach.OF_THE_HOST), trusting);
                    Web distrusting = web(Reach.OF_THE_HOST)) {
                if (name.equals("127.0.0.1")) {
                    assertThat(web.get(address, LONGEST)).isEqualTo(LIST);
                } else {
                    assertThatThrownBy(() -> web.get(address, LONGEST))
                            .hasMessageContaining("127.0.0.1");
                }
                assertThatThrownBy(() -> distrusting.get(address, LONGEST))
                        .isInstanceOf(IOException.class);
            } finally {
                server.stop(0);
            }
        }
    }

    private static SSLSocketFactory trusting(X509Certificate anchor) throws Exception {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("anchor", anchor);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private static SSLContext proving(
            IssuingAuthority authority, String name, X509Certificate certificate) throws Exception {
        byte[] file = Files.readAllBytes(Path.of(authority.file(name + ".key")));
        byte[] key = Pem.parse(file).getFirst().content();
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
                "own",
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
                new char[0],
                new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
