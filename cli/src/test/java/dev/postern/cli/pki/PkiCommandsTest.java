package dev.postern.cli.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Postern;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.ChainVerdict;
import dev.postern.pki.Credentials;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationStatus;
import dev.postern.pki.SubjectNames;
import dev.postern.pki.TrustAnchors;
import dev.postern.pki.UnreadableException;
import dev.postern.wire.Identity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `postern pki`, as it is typed.
class PkiCommandsTest {
    private static final String PASSPHRASE = "correct horse battery";

    @TempDir private Path directory = Path.of("");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int postern(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> words = new ArrayList<>(List.of("pki"));
        for (String each : arguments) {
            words.add(each.replace("@@", directory + "/"));
        }
        return new CommandLine(new Postern())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words.toArray(String[]::new));
    }

    private void authority(String... more) {
        List<String> words =
                new ArrayList<>(List.of("ca", "--name", "Example VPN", "--out", "@@ca"));
        words.addAll(List.of(more));
        assertThat(postern(words.toArray(String[]::new))).as("%s", err).isZero();
    }

    private byte[] octets(String name) throws IOException {
        return Files.readAllBytes(directory.resolve(name));
    }

    private CertificateChain chain(String name) throws IOException, UnreadableException {
        return CertificateChain.decode(Credentials.certificatesOf(octets(name)));
    }

    private ChainVerdict verdict(String authority, String name)
            throws IOException, UnreadableException {
        return new TrustAnchors(Credentials.authoritiesOf(octets(authority)))
                .judge(chain(name), Instant.now());
    }

    private RevocationStatus status(String name) throws IOException, UnreadableException {
        X509CRL list = RevocationEvidence.decodeList(octets("ca/crl.pem"));
        return verdict("ca/ca.pem", name) instanceof ChainVerdict.Trusted trusted
                ? new RevocationEvidence(List.of(list), Map.of()).statusOf(trusted, Instant.now())
                : new RevocationStatus.Revoked(chain(name).leaf());
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve(name)));
    }

    private Credentials credentials(String name) throws IOException, UnreadableException {
        return Credentials.of(
                octets(name + ".pem"),
                octets(name + ".key"),
                PASSPHRASE.toCharArray(),
                new SecureRandom()::nextBytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p256", "p384", "ed25519", "rsa2048"})
    void oneLineEachMakesAnAuthorityAGatewayAndAClient(String key)
            throws IOException, UnreadableException {
        authority("--key", key);
        assertThat(
                        postern(
                                "gateway",
                                "--ca",
                                "@@ca",
                                "--out",
                                "@@gw",
                                "--key",
                                key,
                                "gw1.example.net",
                                "192.0.2.1"))
                .as("%s", err)
                .isZero();
        assertThat(postern("client", "--ca", "@@ca", "--out", "@@c/alice", "alice@example.net"))
                .as("%s", err)
                .isZero();

        assertThat(verdict("ca/ca.pem", "gw.pem")).isInstanceOf(ChainVerdict.Trusted.class);
        assertThat(verdict("ca/ca.pem", "c/alice.pem")).isInstanceOf(ChainVerdict.Trusted.class);
        assertThat(SubjectNames.names(chain("gw.pem").leaf(), Identity.fqdn("gw1.example.net")))
                .isTrue();
        assertThat(
                        SubjectNames.names(
                                chain("gw.pem").leaf(),
                                Identity.address(InetAddress.ofLiteral("192.0.2.1"))))
                .isTrue();
        assertThat(SubjectNames.firstOf(chain("c/alice.pem").leaf()))
                .isEqualTo(Identity.email("alice@example.net"));
        credentials("gw").close();
        credentials("c/alice").close();
        assertThat(mode("ca/ca.key")).isEqualTo("rw-------");
        assertThat(mode("gw.key")).isEqualTo("rw-------");
        assertThat(status("gw.pem")).isInstanceOf(RevocationStatus.Good.class);
    }

    /// A name is no way out of the directory that its files are written to.
    @ParameterizedTest
    @ValueSource(strings = {"../evil@example", "/evil@example", "a/../../evil@example"})
    void aNameWithSlashesMakesAFileOfTheWorkingDirectory(String name) {
        Leaf leaf = new Leaf(new LeafOptions(), List.of(Identity.email(name)), List.of());
        assertThat(leaf.files())
                .hasSize(3)
                .allSatisfy(file -> assertThat(file.getNameCount()).isOne())
                .allSatisfy(file -> assertThat(file.isAbsolute()).isFalse());
    }

    @Test
    void aCertificateIsForItsSideOnly() throws Exception {
        authority();
        postern("gateway", "--ca", "@@ca", "--out", "@@gw", "gw1.example.net");
        postern("client", "--ca", "@@ca", "--out", "@@alice", "alice@example.net");
        assertThat(chain("gw.pem").leaf().getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.17");
        assertThat(chain("alice.pem").leaf().getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.17");
    }

    /// A member calls and is called (draft-dondeti-ipsec-failover-sol-00 section 6.1: mutually).
    @Test
    void aMembersCertificateIsForBothSidesOfTls() throws Exception {
        authority();
        assertThat(postern("member", "--ca", "@@ca", "--out", "@@m", "gw-a.example"))
                .as("%s", err)
                .isZero();
        assertThat(out.toString()).contains("[cluster]");
        assertThat(chain("m.pem").leaf().getExtendedKeyUsage())
                .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(SubjectNames.names(chain("m.pem").leaf(), Identity.fqdn("gw-a.example")))
                .isTrue();

        assertThat(postern("member", "--ca", "@@ca", "--out", "@@n", "192.0.2.1")).isNotZero();
        assertThat(err.toString()).contains("192.0.2.1").contains("a host name");
        assertThat(postern("member", "--ca", "@@ca", "--out", "@@n", "--encrypt-key", "gw-b"))
                .isNotZero();
        assertThat(err.toString()).contains("leave --encrypt-key out");
        assertThat(directory.resolve("n.key")).doesNotExist();
    }

    @Test
    void nothingIsOverwritten() throws IOException {
        authority();
        byte[] before = octets("ca/ca.key");
        assertThat(postern("ca", "--name", "Other", "--out", "@@ca")).isEqualTo(2);
        assertThat(err.toString()).contains("ca/ca.pem is there already and is not overwritten");
        assertThat(octets("ca/ca.key")).isEqualTo(before);

        Files.writeString(directory.resolve("gw.key"), "precious");
        assertThat(postern("gateway", "--ca", "@@ca", "--out", "@@gw", "gw1.example.net"))
                .isEqualTo(2);
        assertThat(directory.resolve("gw.key")).hasContent("precious");
        assertThat(directory.resolve("gw.pem")).doesNotExist();
        assertThat(directory.resolve("ca/issued")).doesNotExist();
    }

    @Test
    void aPassphraseFromAFileEncryptsKeyAndPkcs12() throws IOException, UnreadableException {
        authority();
        Files.writeString(directory.resolve("pass"), PASSPHRASE + "\n");
        assertThat(
                        postern(
                                "client",
                                "--ca",
                                "@@ca",
                                "--out",
                                "@@alice",
                                "--p12",
                                "--encrypt-key",
                                "--passphrase-file",
                                "@@pass",
                                "alice@example.net"))
                .as("%s", err)
                .isZero();
        assertThat(new String(octets("alice.key"), java.nio.charset.StandardCharsets.US_ASCII))
                .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        credentials("alice").close();
        try (Credentials read =
                Credentials.ofPkcs12(
                        octets("alice.p12"),
                        PASSPHRASE.toCharArray(),
                        new SecureRandom()::nextBytes)) {
            assertThat(read.chain().leaf()).isEqualTo(chain("alice.pem").leaf());
        }
        assertThat(mode("alice.p12")).isEqualTo("rw-------");
        assertThat(postern("show", "@@alice.p12", "--passphrase-file", "@@pass")).isZero();
        assertThat(out.toString()).contains("alice@example.net").contains("CN=Example VPN");
    }

    @Test
    void anEncryptedAuthorityIsOpenedByItsPassphraseOnly() throws IOException {
        Files.writeString(directory.resolve("pass"), PASSPHRASE);
        Files.writeString(directory.resolve("wrong"), "another");
        authority("--encrypt-key", "--passphrase-file", "@@pass");
        String[] line = {
            "gateway", "--ca", "@@ca", "--out", "@@gw", "gw1.example.net", "--ca-passphrase-file",
        };
        assertThat(postern(with(line, "@@wrong"))).isEqualTo(2);
        assertThat(err.toString()).contains("ca.key").contains("does not open");
        assertThat(postern("gateway", "--ca", "@@ca", "--out", "@@gw", "gw1.example.net"))
                .as("there is no terminal here")
                .isEqualTo(2);
        assertThat(err.toString()).contains("--ca-passphrase-file");
        assertThat(postern(with(line, "@@pass"))).as("%s", err).isZero();
    }

    private static String[] with(String[] words, String more) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add(more);
        return all.toArray(String[]::new);
    }

    @Test
    void aDamagedCertificateOfTheAuthorityIsNamedItself() throws IOException {
        authority();
        Files.write(directory.resolve("ca/ca.pem"), new byte[0]);
        assertThat(postern("crl", "--ca", "@@ca")).isEqualTo(2);
        assertThat(err.toString()).contains("ca/ca.pem: ").doesNotContain("ca.key");
    }

    @Test
    void anAuthorityBelowAnotherIssuesChains() throws IOException, UnreadableException {
        authority();
        assertThat(postern("ca", "--name", "Clients", "--ca", "@@ca", "--out", "@@sub"))
                .as("%s", err)
                .isZero();
        postern("client", "--ca", "@@sub", "--out", "@@alice", "alice@example.net");
        assertThat(chain("alice.pem").certificates()).hasSize(2);
        assertThat(verdict("ca/ca.pem", "alice.pem")).isInstanceOf(ChainVerdict.Trusted.class);
        assertThat(postern("ca", "--name", "Deeper", "--ca", "@@sub", "--out", "@@subsub"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("may not have authorities below it");
    }

    @Test
    void nameConstraintsBindTheAuthorityToItsNames() {
        authority("--permit", "example.net", "--permit", "@example.net", "--exclude", "10.0.0.0/8");
        assertThat(postern("gateway", "--ca", "@@ca", "--out", "@@gw", "gw1.example.net")).isZero();
        assertThat(postern("gateway", "--ca", "@@ca", "--out", "@@other", "gw1.example.org"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("may not vouch for CN=gw1.example.org");
        assertThat(directory.resolve("other.key")).doesNotExist();
        assertThat(postern("client", "--ca", "@@ca", "--out", "@@bob", "bob@example.org"))
                .isEqualTo(2);
    }

    @Test
    void aCertificateDoesNotOutliveItsAuthority() throws IOException, UnreadableException {
        authority("--valid", "90d");
        postern("client", "--ca", "@@ca", "--out", "@@alice", "--valid", "365d", "a@example.net");
        assertThat(chain("alice.pem").leaf().getNotAfter())
                .isEqualTo(chain("ca/ca.pem").leaf().getNotAfter());
    }

    @Test
    void aRevokedCertificateStandsOnTheListForGood() throws IOException, UnreadableException {
        authority();
        postern("client", "--ca", "@@ca", "--out", "@@alice", "alice@example.net");
        postern("client", "--ca", "@@ca", "--out", "@@bob", "bob@example.net");
        assertThat(
                        postern(
                                "revoke",
                                "--ca",
                                "@@ca",
                                "Alice@example.net",
                                "--reason",
                                "key-compromise"))
                .as("%s", err)
                .isZero();
        assertThat(out.toString())
                .contains("postern revoke --admin SOCKET certificate ")
                .contains(AuthorityDirectory.fingerprint(chain("alice.pem").leaf()));
        assertThat(postern("crl", "--ca", "@@ca", "--valid", "1h")).isZero();

        assertThat(status("alice.pem")).isInstanceOf(RevocationStatus.Revoked.class);
        assertThat(status("bob.pem")).isInstanceOf(RevocationStatus.Good.class);
        X509CRL list = RevocationEvidence.decodeList(octets("ca/crl.pem"));
        assertThat(CertificateText.listNumber(list)).isEqualTo(3);
        assertThat(list.getNextUpdate().toInstant())
                .isBefore(Instant.now().plus(61, ChronoUnit.MINUTES));
        assertThat(postern("show", "@@ca")).isZero();
        assertThat(out.toString())
                .contains("alice@example.net, revoked at")
                .contains("key-compromise");
    }

    @Test
    void aFileOrASerialNumberNamesOneCertificate() throws IOException, UnreadableException {
        authority();
        postern("client", "--ca", "@@ca", "--out", "@@alice", "alice@example.net");
        postern("client", "--ca", "@@ca", "--out", "@@alice2", "alice@example.net");
        assertThat(postern("revoke", "--ca", "@@ca", "@@alice.pem")).isZero();
        assertThat(status("alice.pem")).isInstanceOf(RevocationStatus.Revoked.class);
        assertThat(status("alice2.pem")).isInstanceOf(RevocationStatus.Good.class);
        String serial = chain("alice2.pem").leaf().getSerialNumber().toString(16);
        assertThat(postern("revoke", "--ca", "@@ca", serial)).isZero();
        assertThat(status("alice2.pem")).isInstanceOf(RevocationStatus.Revoked.class);
    }

    @Test
    void onlyTheIssuerRevokes() {
        authority();
        postern("ca", "--name", "Other", "--out", "@@other");
        postern("client", "--ca", "@@other", "--out", "@@eve", "eve@example.net");
        assertThat(postern("revoke", "--ca", "@@ca", "@@eve.pem")).isEqualTo(2);
        assertThat(err.toString()).contains("CN=Other").contains("CN=Example VPN");
        assertThat(postern("revoke", "--ca", "@@ca", "nobody@example.net")).isEqualTo(2);
        assertThat(err.toString()).contains("nobody@example.net");
    }

    @Test
    void aDamagedLedgerStopsEverything() throws IOException {
        authority();
        postern("client", "--ca", "@@ca", "--out", "@@alice", "alice@example.net");
        Files.writeString(directory.resolve("ca/issued"), "what is this\n");
        assertThat(postern("crl", "--ca", "@@ca")).isEqualTo(2);
        assertThat(err.toString()).contains("ca/issued:1").contains("unknown what was revoked");
    }

    @Test
    void addressesOfListsAndRespondersAreShown() {
        authority();
        assertThat(
                        postern(
                                "gateway",
                                "--ca",
                                "@@ca",
                                "--out",
                                "@@gw",
                                "--crl-url",
                                "http://pki.example.net/ca.crl",
                                "--ocsp-url",
                                "http://ocsp.example.net/",
                                "gw1.example.net"))
                .isZero();
        postern("show", "@@gw.pem", "@@ca/crl.pem", "@@gw.key");
        assertThat(out.toString())
                .contains("lists at     http://pki.example.net/ca.crl")
                .contains("OCSP at      http://ocsp.example.net/")
                .contains("server authentication, IKE")
                .contains("revokes      0 certificates")
                .contains("private key that signs by ECDSA_SHA256, not encrypted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gateway --ca @@ca --out @@x keyid:0102",
                "gateway --ca @@ca --out @@x --key dsa gw1.example.net",
                "gateway --ca @@ca --out @@x --valid 3y gw1.example.net",
                "gateway --ca @@ca --out @@x --crl-url ldap://example.net/ gw1.example.net",
                "gateway --ca @@ca --out @@x --passphrase-file @@ca/ca.pem gw1.example.net",
                "gateway --ca @@ca --out @@x --request @@ca/ca.pem gw1.example.net",
                "gateway --ca @@nowhere --out @@x gw1.example.net",
                "ca --name x --out @@x --permit 10.0.0.0/33",
                "revoke --ca @@ca 00 --reason boredom",
                "show @@ca/lock"
            })
    void whatCannotBeUsedIsSaid(String line) {
        authority();
        assertThat(postern(line.split(" "))).isEqualTo(2);
        assertThat(err.toString()).isNotEmpty().doesNotContain("Exception");
        assertThat(directory.resolve("x.pem")).doesNotExist();
        assertThat(directory.resolve("x.key")).doesNotExist();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(postern("show", "@@nothing.pem")).isEqualTo(1);
        assertThat(err.toString()).contains("nothing.pem: there is no such file");
    }
}
