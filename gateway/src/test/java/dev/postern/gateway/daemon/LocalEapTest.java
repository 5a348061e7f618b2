package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.gateway.configuration.ClientConfiguration;
import dev.postern.gateway.configuration.ClientEap;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.EapSettings;
import dev.postern.gateway.configuration.GatewayConfiguration;
import dev.postern.gateway.discovery.Reach;
import dev.postern.gateway.eap.TestCertificates;
import dev.postern.gateway.revocation.RevocationNews;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The EAP server of a gateway and the EAP peer of a client, as their configuration files make
/// them.
class LocalEapTest {
    @TempDir private Path directory;

    private static final String USERS =
            """
            [[user]]
            name = "alice@example.org"
            password = "wonderland"
            [[user]]
            name = "bob"
            password = "builder"
            """;

    private Path write(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private EapSettings gateway(String eap) throws IOException, ConfigurationException {
        write("users.toml", USERS);
        TestCertificates.copyTo(
                directory, "ca.pem", "server.pem", "server.key", "client.pem", "rsa.key");
        String toml =
                """
                identity = "gw-a.example"
                secure-domain = "example"
                member = 1
                [listen]
                addresses = ["127.0.0.1"]
                [inside]
                mode = "endpoint"
                endpoint-addresses = ["10.1.0.1"]
                [pool.clients]
                addresses = "10.1.0.192/26"
                [profile.clients]
                pool = "clients"
                local-subnets = ["10.1.0.0/24"]
                [profile.clients.resumption]
                one-round-trip = false
                rfc5723 = false
                [profile.clients.eap]
                """;
        EapSettings settings =
                GatewayConfiguration.parse(
                                directory.resolve("gateway.toml"), toml + eap, Instant.now())
                        .profiles()
                        .getFirst()
                        .eap();
        assertThat(settings).isNotNull();
        return settings;
    }

    private ClientEap client(String eap) throws IOException, ConfigurationException {
        TestCertificates.copyTo(directory, "ca.pem", "client.pem", "client.key", "stranger.key");
        String toml =
                """
                identity = "laptop.example"
                secure-domain = "example"
                remote-subnets = ["10.1.0.0/24"]
                """;
        String tables =
                """
                [[gateway]]
                identity = "gw-a.example"
                address = "127.0.0.1"
                [inside]
                mode = "probe"
                probe-target = "10.1.0.1"
                [eap]
                """;
        String key = eap.contains("only = true") ? "" : "psk = \"what proves the gateway\"\n";
        Path file = write("client.toml", toml + key + tables + eap);
        ClientEap settings = ClientConfiguration.read(file).eap();
        assertThat(settings).isNotNull();
        return settings;
    }

    private static Answer last(EapSettings gateway, ClientEap client, boolean eapOnly)
            throws InterruptedException {
        BlockingQueue<Answer> answers = new ArrayBlockingQueue<>(1);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4500);
        try (RevocationNews news =
                        RevocationNews.of(
                                Arrays.asList(gateway.certificates(), client.certificates()),
                                Clock.systemUTC(),
                                List.of(Reach.OF_THE_HOST));
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
                LocalEapServer server =
                        LocalEapServer.of(gateway, "gw-a.example", new SystemEntropy(), news);
                LocalEapPeer peer = LocalEapPeer.of(client, new SystemEntropy(), news)) {
            news.start(timer, _ -> {});
            Octets packet = Octets.EMPTY;
            while (true) {
                server.next(
                        new Ask.EapToServer(
                                7,
                                "clients",
                                Identity.fqdn("laptop.example"),
                                new dev.postern.ike.Path(address, address, true),
                                eapOnly,
                                packet),
                        answers::add);
                Answer said = answers.poll(60, TimeUnit.SECONDS);
                if (!(said instanceof Answer.EapContinues(Octets request))) {
                    return said;
                }
                peer.next(new Ask.EapToPeer(7, "client", eapOnly, request), answers::add);
                if (!(answers.poll(60, TimeUnit.SECONDS)
                        instanceof Answer.EapContinues(Octets response))) {
                    return said;
                }
                packet = response;
            }
        }
    }

    private static final String MSCHAPV2 =
            """
            method = "mschapv2"
            users = "users.toml"
            psk = "what proves the gateway"
            """;
    private static final String TLS =
            """
            method = "tls"
            certificate = "server.pem"
            private-key = "server.key"
            trust = "ca.pem"
            only = true
            """;
    private static final String CLIENT_TLS =
            """
            method = "tls"
            identity = "alice@example.org"
            certificate = "client.pem"
            private-key = "client.key"
            trust = "ca.pem"
            only = true
            """;

    @Test
    void aPasswordOfTheUsersFileProvesAUser() throws Exception {
        ClientEap client =
                client("method = \"mschapv2\"\nidentity = \"bob\"\npassword = \"builder\"\n");

        assertThat(last(gateway(MSCHAPV2), client, false))
                .isInstanceOfSatisfying(
                        Answer.EapSucceeded.class,
                        success -> assertThat(success.identity()).isEqualTo(Identity.fqdn("bob")));
    }

    @Test
    void aCertificateProvesItsNameAndLimitsTheSession() throws Exception {
        assertThat(last(gateway(TLS), client(CLIENT_TLS), true))
                .isInstanceOfSatisfying(
                        Answer.EapSucceeded.class,
                        success -> {
                            assertThat(success.identity())
                                    .isEqualTo(Identity.email("alice@example.org"));
                            assertThat(success.mutual()).isTrue();
                            assertThat(success.peerCertificate().length()).isEqualTo(32);
                            assertThat(success.hardDeadline())
                                    .isGreaterThan(Instant.now().getEpochSecond());
                        });
    }

    @Test
    void aPasswordIsTooWeakForEapAlone() throws Exception {
        ClientEap client =
                client("method = \"mschapv2\"\nidentity = \"bob\"\npassword = \"builder\"\n");
        assertThat(last(gateway(MSCHAPV2), client, true)).isInstanceOf(Answer.EapFailed.class);
    }

    @Test
    void usersThatChangeAreReadAgainAndABadFileChangesNothing() throws Exception {
        EapSettings settings = gateway(MSCHAPV2);
        EapSettings.Method.MsChapV2 method = (EapSettings.Method.MsChapV2) settings.method();
        long second = TimeUnit.SECONDS.toNanos(1);
        long[] clock = {0};
        ReloadedUsers users = new ReloadedUsers(method.file(), method.users(), () -> clock[0]);
        assertThat(users.passwordOf("carol")).isNull();

        write("users.toml", USERS + "[[user]]\nname = \"carol\"\npassword = \"c\"\n");
        Files.setLastModifiedTime(method.file(), FileTime.fromMillis(1_000));
        clock[0] += second;
        assertThat(users.passwordOf("carol")).isNotNull();

        write("users.toml", "nonsense");
        Files.setLastModifiedTime(method.file(), FileTime.fromMillis(2_000));
        clock[0] += second;
        assertThat(users.passwordOf("carol")).isNotNull();
    }

    private static void assertProblem(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable reading, String... parts) {
        assertThatThrownBy(reading)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void whatIsMissingOrDoesNotFitIsSaid() {
        assertProblem(() -> gateway("method = \"mschapv2\"\n"), "users: missing", "psk: missing");
        assertProblem(() -> gateway("users = \"users.toml\"\n"), "eap.method: missing");
        assertProblem(() -> gateway(MSCHAPV2 + "only = true\n"), "RFC 5998");
        assertProblem(() -> gateway("method = \"tls\"\nonly = true\n"), "certificate: missing");
        assertProblem(() -> gateway(TLS.replace("server.key", "rsa.key")), "the algorithms differ");
        assertProblem(() -> gateway(TLS.replace("server.key", "ca.pem")), "BEGIN PRIVATE KEY");
        assertProblem(() -> gateway(TLS.replace("ca.pem", "users.toml")), "trust");
        assertProblem(() -> gateway(TLS.replace("ca.pem", "none.pem")), "there is no such file");
        assertProblem(() -> gateway(TLS + "crl = \"none.crl\"\n"), "there is no such file");
        assertProblem(
                () -> gateway(MSCHAPV2 + "revocation = \"strict\"\n"),
                "legal with method = \"tls\"");
        assertProblem(() -> client("method = \"mschapv2\"\n"), "password: missing");
        assertProblem(
                () -> client(CLIENT_TLS + "password = \"x\"\n"),
                "legal with method = \"mschapv2\"");
    }

    @Test
    void aUsersFileThatIsOpenToOthersIsRefused() throws Exception {
        gateway(MSCHAPV2);
        Path open = directory.resolve("open.toml");
        Files.writeString(open, USERS);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertProblem(
                () -> gateway(MSCHAPV2.replace("users.toml", "open.toml")), "open to everybody");
    }

    @Test
    void aUserThatStandsTwiceIsRefused() throws Exception {
        write("twice.toml", USERS + "[[user]]\nname = \"bob\"\npassword = \"b\"\n");
        assertProblem(() -> gateway(MSCHAPV2.replace("users.toml", "twice.toml")), "stands twice");
    }
}
