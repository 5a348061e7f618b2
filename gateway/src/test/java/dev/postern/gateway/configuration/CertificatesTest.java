package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.eap.TestCertificates;
import dev.postern.ike.CertificatePolicy;
import dev.postern.ike.CertificatePolicy.Revocation;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// The tables `certificates`.
class CertificatesTest {
    /// Within the time of the test's certificates.
    private static final Instant AT = Instant.parse("2027-01-01T00:00:00Z");

    private static final String TABLE =
            """
            [profile.staff.certificates]
            certificate = "server.pem"
            private-key = "server.key"
            trust = "ca.pem"
            """;
    private static final String EAP_TLS =
            """
            [profile.staff.eap]
            method = "tls"
            only = true
            certificate = "server.pem"
            private-key = "server.key"
            trust = "ca.pem"
            """;
    private static final String CLIENT_TABLE =
            """
            [certificates]
            certificate = "client.pem"
            private-key = "client.key"
            trust = "ca.pem"
            """;
    private static final String CLIENT =
            Workspace.CLIENT
                    .replace("alice@example", "alice@example.org")
                    .replace("psk-file = \"alice.psk\"\n", "");

    /// Of CN=Other, until 2026-12-22.
    private static final String ANOTHERS_LIST =
            """
            -----BEGIN X509 CRL-----
            MIHHMHACAQEwCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFT3RoZXIXDTI2MTEyMjAx
            MTg0M1oXDTI2MTIyMjAxMjg0M1qgLzAtMB8GA1UdIwQYMBaAFAekhKJIspPc+qmL
            xgQiorTERYVHMAoGA1UdFAQDAgEBMAoGCCqGSM49BAMCA0cAMEQCIBn8vcnJyBf1
            x7bV1KXyKubSPq8suGxF2res/gRP/03fAiBA+nmEuQXYoZVzg7flGkKtTgrJKUmV
            n3TR2h85cfPuwg==
            -----END X509 CRL-----
            """;

    @TempDir private Path directory = Path.of("");
    private Workspace workspace = new Workspace(directory);

    @BeforeEach
    void writeTheFilesThatAreNamed() throws IOException {
        workspace = Workspace.in(directory);
        TestCertificates.copyTo(
                directory, "ca.pem", "server.pem", "server.key", "client.pem", "client.key");
    }

    private GatewayConfiguration gateway(String text, Instant at) throws ConfigurationException {
        return GatewayConfiguration.parse(directory.resolve("gateway.toml"), text, at);
    }

    private ClientConfiguration client(String text) throws ConfigurationException {
        return ClientConfiguration.parse(directory.resolve("client.toml"), text, AT);
    }

    private List<String> problems(String more) {
        return workspace.problemsOfGateway(Workspace.GATEWAY + more);
    }

    @Test
    void aProfileHasPeersWithKeysAndPeersWithCertificates() throws Exception {
        GatewayConfiguration read = gateway(Workspace.GATEWAY + TABLE, AT);
        CertificatePolicy policy = read.endpoint(0).profiles().getFirst().certificates();
        assertThat(policy).isNotNull();
        assertThat(policy.own()).isNotNull();
        assertThat(policy.peers()).isNotNull();
        assertThat(policy.revocation()).isEqualTo(Revocation.RELAXED);
        assertThat(policy.admits(Identity.email("anybody@example.org"))).isTrue();
        assertThat(read.profiles().getFirst().preSharedKeys()).hasSize(1);
        assertThat(read.warnings()).isEmpty();
    }

    @Test
    void onlyTheNamedPeersComeIn() throws Exception {
        CertificatePolicy policy =
                Objects.requireNonNull(
                                gateway(
                                                Workspace.GATEWAY
                                                        + TABLE
                                                        + "peers = [\"bob@example\"]\n",
                                                AT)
                                        .profiles()
                                        .getFirst()
                                        .certificates())
                        .policy();
        assertThat(policy.admits(Identity.email("bob@example"))).isTrue();
        assertThat(policy.admits(Identity.email("alice@example"))).isFalse();
    }

    @Test
    void aClientWithCertificatesOnBothSidesNeedsNoKey() throws Exception {
        ClientConfiguration read = client(CLIENT + CLIENT_TABLE);
        CertificatePolicy policy = read.initiatorProfile(read.gateways().getFirst()).certificates();
        assertThat(policy).isNotNull();
        assertThat(policy.own()).isNotNull();
        assertThat(read.preSharedKey()).isNull();
    }

    @Test
    void aClientThatTrustsNobodyNeedsTheKeyThatProvesTheGateway() {
        assertThat(
                        workspace.problemsOfClient(
                                CLIENT + CLIENT_TABLE.replace("trust = \"ca.pem\"\n", "")))
                .anyMatch(problem -> problem.contains("psk: missing"));
    }

    @Test
    void aClientThatHasNoCertificateNeedsAKeyToProveItself() {
        assertThat(workspace.problemsOfClient(CLIENT + "[certificates]\ntrust = \"ca.pem\"\n"))
                .anyMatch(problem -> problem.contains("psk: missing"));
    }

    @Test
    void aKeyThatNothingLooksAtIsAMistake() {
        assertThat(
                        workspace.problemsOfClient(
                                CLIENT.replace(
                                                "[[gateway]]",
                                                "psk-file = \"alice.psk\"\n[[gateway]]")
                                        + CLIENT_TABLE))
                .singleElement()
                .asString()
                .contains("psk-file")
                .contains("means nothing");
    }

    @Test
    void aCertificateOfTheGatewayProvesItBeforeEap() throws Exception {
        workspace.write(
                "users.toml", "[[user]]\nname = \"a\"\npassword = \"secret!\"\n", "rw-------");
        String eap = "[profile.staff.eap]\nmethod = \"mschapv2\"\nusers = \"users.toml\"\n";
        GatewayConfiguration read =
                gateway(Workspace.GATEWAY + TABLE.replace("trust = \"ca.pem\"\n", "") + eap, AT);
        assertThat(Objects.requireNonNull(read.profiles().getFirst().eap()).gatewayKey()).isNull();
        assertThat(problems(eap)).anyMatch(problem -> problem.contains("prove itself before EAP"));

        Path file =
                workspace.write(
                        "client.toml",
                        CLIENT
                                + "[certificates]\ntrust = \"ca.pem\"\n[eap]\n"
                                + "method = \"mschapv2\"\npassword = \"secret!\"\n",
                        "rw-------");
        CheckedFile client = CheckedFile.read(file);
        assertThat(DomainCheck.problemsOf(List.of(new CheckedFile.OfGateway(read), client), AT))
                .isEmpty();
    }

    @Test
    void filesThatFitEachOtherAreFoundGoodTogether() throws Exception {
        CheckedFile gateway = new CheckedFile.OfGateway(gateway(Workspace.GATEWAY + TABLE, AT));
        CheckedFile client = new CheckedFile.OfClient(client(CLIENT + CLIENT_TABLE));
        assertThat(DomainCheck.problemsOf(List.of(gateway, client), AT)).isEmpty();

        CheckedFile others =
                new CheckedFile.OfGateway(
                        gateway(Workspace.GATEWAY + TABLE + "peers = [\"bob@example\"]\n", AT));
        assertThat(DomainCheck.problemsOf(List.of(others, client), AT))
                .singleElement()
                .asString()
                .contains("admits \"alice@example.org\" by this certificate");
    }

    @Test
    void aKeyThatIsOpenToOthersIsNotUsed() throws Exception {
        Files.setPosixFilePermissions(
                directory.resolve("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(problems(TABLE))
                .singleElement()
                .asString()
                .startsWith("gateway.toml:17: profile.staff.certificates.private-key")
                .contains("chmod go=");
    }

    @Test
    void anotherCertificatesKeyIsTold() {
        assertThat(problems(TABLE.replace("server.key", "client.key")))
                .singleElement()
                .asString()
                .contains("the private key is not that of the certificate of CN=gw-a.example");
    }

    @Test
    void aCertificateThatDoesNotNameTheGatewayIsTold() {
        assertThat(
                        workspace.problemsOfGateway(
                                Workspace.GATEWAY.replace("gw-a.example", "gw-b.example") + TABLE))
                .singleElement()
                .asString()
                .contains("does not name gw-b.example")
                .contains("its own name is gw-a.example");
    }

    @Test
    void halfATableIsTold() {
        assertThat(problems(TABLE.replace("private-key = \"server.key\"\n", "")))
                .anyMatch(problem -> problem.contains("private-key: missing with certificate"));
        assertThat(problems("[profile.staff.certificates]\ntrust = \"ca.pem\"\n"))
                .anyMatch(problem -> problem.contains("certificate: missing, and so is pkcs12"));
        assertThat(problems(TABLE.replace("trust = \"ca.pem\"\n", "crl = \"ca.crl\"\n")))
                .anyMatch(problem -> problem.contains("trust: missing"))
                .anyMatch(problem -> problem.contains("crl = \"ca.crl\": means nothing without"));
    }

    @Test
    void whatIsNoAuthorityOrNoListIsTold() {
        assertThat(problems(TABLE.replace("ca.pem", "server.pem")))
                .singleElement()
                .asString()
                .contains("is not an authority");
        assertThat(problems(TABLE + "crl = \"ca.pem\"\n"))
                .singleElement()
                .asString()
                .contains("X509 CRL");
    }

    @Test
    void timesAreToldOf() throws Exception {
        String text = Workspace.GATEWAY + TABLE;
        assertThat(gateway(text, Instant.parse("2126-11-01T00:00:00Z")).warnings().toString())
                .contains("CN=gw-a.example HAS EXPIRED on 2126-10-28");
        assertThat(gateway(text, Instant.parse("2126-10-20T00:00:00Z")).warnings().toString())
                .contains("expires on 2126-10-28");
        assertThat(gateway(text, Instant.parse("2026-11-20T00:00:00Z")).warnings().toString())
                .contains(
                        "CN=gw-a.example is not good before 2026-11-21; until then nobody believes"
                                + " it");
        assertThat(
                        gateway(
                                        text,
                                        Instant.parse("2126-10-28T00:00:00Z")
                                                .minus(Duration.ofDays(31)))
                                .warnings())
                .isEmpty();
        assertThat(new CheckedFile.OfGateway(gateway(text, AT)).summary())
                .anyMatch(line -> line.contains("CN=gw-a.example, EC, good until 2126-10-28"));
    }

    /// It is refused by either end as long as that is so.
    @Test
    void anAuthorityThatIsNotValidIsToldOf() throws Exception {
        for (String table : List.of(TABLE, EAP_TLS)) {
            String text = Workspace.GATEWAY + table;
            assertThat(gateway(text, Instant.parse("2126-11-01T00:00:00Z")).warnings().toString())
                    .contains(
                            "trust = \"ca.pem\": the authority CN=Test ca HAS EXPIRED on"
                                    + " 2126-10-28; nobody is believed by it");
            assertThat(gateway(text, Instant.parse("2026-11-20T00:00:00Z")).warnings().toString())
                    .contains(
                            "trust = \"ca.pem\": the authority CN=Test ca is not good before"
                                    + " 2026-11-21; until then nobody is believed by it");
            assertThat(gateway(text, Instant.parse("2126-10-20T00:00:00Z")).warnings().toString())
                    .contains("the authority CN=Test ca expires on 2126-10-28");
            assertThat(gateway(text, AT).warnings()).isEmpty();
        }
    }

    @Test
    void timesOfACertificateForEapAreToldOf() throws Exception {
        String text = Workspace.GATEWAY + EAP_TLS;
        assertThat(gateway(text, Instant.parse("2126-11-01T00:00:00Z")).warnings().toString())
                .contains("certificate = \"server.pem\": the certificate of CN=")
                .contains("HAS EXPIRED on 2126-10-28; nobody believes it");
    }

    @Test
    void aListThatSaysNothingIsToldOf() throws Exception {
        workspace.write("others.crl", ANOTHERS_LIST, "rw-r--r--");
        assertThat(gateway(Workspace.GATEWAY + TABLE + "crl = \"others.crl\"\n", AT).warnings())
                .hasSize(2)
                .anyMatch(each -> each.toString().contains("is of CN=Other, and none of trust has"))
                .anyMatch(each -> each.toString().contains("HAS ENDED on 2026-12-22"));
    }

    @Test
    void anotherCertificateBeforeOnesOwnIsTold() throws Exception {
        String chain =
                Files.readString(directory.resolve("ca.pem"))
                        + Files.readString(directory.resolve("server.pem"));
        workspace.write("chain.pem", chain, "rw-r--r--");
        assertThat(problems(TABLE.replace("server.pem", "chain.pem")))
                .singleElement()
                .asString()
                .contains("which stands first of 2; its own has to");
    }

    @Test
    void onePkcs12FileHoldsAll() throws Exception {
        char[] passphrase = "open sesame".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        String pem = Files.readString(directory.resolve("server.key"));
        byte[] key =
                Base64.getMimeDecoder()
                        .decode(
                                pem.replaceAll("-----[A-Z ]+-----", "")
                                        .getBytes(StandardCharsets.US_ASCII));
        try (var in = Files.newInputStream(directory.resolve("server.pem"))) {
            Certificate certificate =
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
            store.setKeyEntry(
                    "gw",
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
                    passphrase,
                    new Certificate[] {certificate});
        }
        Path file = workspace.write("server.p12", "", "rw-------");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, passphrase);
        }
        workspace.write("server.pass", "open sesame\n", "rw-------");
        String table =
                """
                [profile.staff.certificates]
                pkcs12 = "server.p12"
                private-key-passphrase-file = "server.pass"
                trust = "ca.pem"
                """;
        assertThat(gateway(Workspace.GATEWAY + table, AT).profiles().getFirst().certificates())
                .isNotNull();
        workspace.write("server.pass", "open barley\n", "rw-------");
        assertThat(problems(table)).singleElement().asString().contains("its passphrase");
    }
}
