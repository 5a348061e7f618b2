package dev.postern.lab;

import static dev.postern.lab.SecureDomain.SOON;
import static dev.postern.lab.SecureDomain.SWITCHED;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// What `postern pki` makes, judged by others: by `openssl`, and by Debian's strongSwan in both
/// roles.
@Tag("privileged")
final class PkiInteropTest {
    @AutoClose private final Lab lab = Lab.open("Pki");
    private final FailoverTopology net = FailoverTopology.create(lab);

    /// Runs `postern pki` in the lab's directory.
    private void pki(String... words) {
        List<String> arguments = new ArrayList<>(List.of("pki"));
        for (String each : words) {
            arguments.add(each.replace("@@", lab.directory() + "/"));
        }
        Command.of(PosternDaemon.commandLine(arguments.toArray(String[]::new))).runSuccessfully();
    }

    private String text(String name) {
        try {
            return Files.readString(Path.of(path(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String path(String name) {
        return lab.directory().resolve(name).toString();
    }

    private void closeToOthers(String name) {
        try {
            Files.setPosixFilePermissions(
                    Path.of(path(name)), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String openssl(String... words) {
        List<String> all = new ArrayList<>();
        all.add(Component.OPENSSL_PROGRAM.require().toString());
        all.addAll(List.of(words));
        return Command.of(all).runSuccessfully();
    }

    private void make(String key) {
        pki("ca", "--name", "Lab VPN", "--out", "@@ca", "--key", key);
        pki("gateway", "--ca", "@@ca", "--out", "@@gw", "--key", key, "gw-a.lab", "192.0.2.1");
        pki("client", "--ca", "@@ca", "--out", "@@c", "--key", key, "client.lab");
    }

    private StrongSwan strongSwan(NetworkNamespace host, String name, String connection) {
        lab.write(host.host() + "/x509ca/ca.pem", text("ca/ca.pem"));
        lab.write(host.host() + "/x509crl/crl.pem", text("ca/crl.pem"));
        lab.write(host.host() + "/private/own.key", text(name + ".key"));
        return StrongSwan.start(host, StrongSwanSettings.usual(), connection);
    }

    private String strict(SwanctlConnection connection, String certificate) {
        return connection
                .local("auth", "pubkey")
                .local("certs", path(certificate))
                .remote("auth", "pubkey")
                .remote("revocation", "strict")
                .text();
    }

    private StrongSwan strongSwanClient() {
        return strongSwan(net.client(), "c", strict(SwanctlConnection.ofClient(), "c.pem"));
    }

    private PosternDaemon gateway() {
        String toml =
                """
                identity = "gw-a.lab"
                secure-domain = "lab"
                member = 1
                [listen]
                addresses = ["192.0.2.1"]
                [return-path]
                mode = "proxy-neighbour"
                device = "inside"
                [pool.clients]
                addresses = "10.1.0.192/26"
                [log]
                format = "json"
                [profile.clients]
                pool = "clients"
                local-subnets = ["10.1.0.0/24"]
                [profile.clients.resumption]
                one-round-trip = false
                rfc5723 = false
                [profile.clients.certificates]
                certificate = "%1$s/gw.pem"
                private-key = "%1$s/gw.key"
                trust = "%1$s/ca/ca.pem"
                crl = "%1$s/ca/crl.pem"
                revocation = "strict"
                """
                        .formatted(lab.directory());
        PosternDaemon gateway = PosternDaemon.gateway(net.gwA(), toml);
        gateway.awaitLine(SecureDomain.GATEWAY_READY, SOON);
        return gateway;
    }

    private boolean clientReachesLanhost() {
        return Ping.send(net.client(), FailoverTopology.LANHOST, 1).received() == 1;
    }

    /// Interop: certificates and lists of `postern pki`, checked strictly | strongSwan | peer
    /// initiates
    @ParameterizedTest
    @ValueSource(strings = {"p256", "p384", "ed25519", "rsa2048"})
    void strongSwanBelievesWhatWasMadeAndIsBelievedWithIt(String key) {
        make(key);
        PosternDaemon gateway = gateway();

        strongSwanClient().initiate("net");

        gateway.awaitLine("\"event\":\"ike-sa-established\"", SOON);
        Await.until("the client reaches lanhost", SOON, this::clientReachesLanhost);
    }

    /// Interop: PKCS#12 of `postern pki` at a Postern client | strongSwan | Postern initiates
    @Test
    void aPkcs12FileProvesAPosternClient() {
        make("p256");
        lab.write("pass", "correct horse\n");
        closeToOthers("pass");
        pki("ca", "--name", "Clients", "--ca", "@@ca", "--out", "@@sub");
        pki(
                "client",
                "--ca",
                "@@sub",
                "--out",
                "@@p",
                "--p12",
                "--passphrase-file",
                "@@pass",
                "client.lab");
        net.lanhost().route("10.1.0.210/32", FailoverTopology.GW_A_INSIDE);
        lab.write(net.gwA().host() + "/x509crl/sub.pem", text("sub/crl.pem"));
        strongSwan(net.gwA(), "gw", strict(SwanctlConnection.ofGateway(), "gw.pem"));
        String toml =
                """
                identity = "client.lab"
                secure-domain = "lab"
                remote-subnets = ["10.1.0.0/24"]
                [[gateway]]
                identity = "gw-a.lab"
                address = "192.0.2.1"
                [log]
                format = "json"
                [certificates]
                pkcs12 = "%1$s/p.p12"
                private-key-passphrase-file = "%1$s/pass"
                trust = "%1$s/ca/ca.pem"
                """
                        .formatted(lab.directory());
        PosternDaemon client = PosternDaemon.client(net.client(), toml);

        client.awaitLine(SWITCHED, SOON);
        Await.until("the client reaches lanhost", SOON, this::clientReachesLanhost);
    }

    /// Interop: a certificate revoked by `postern pki revoke` is refused | strongSwan | peer
    /// initiates
    @Test
    void aRevokedClientStaysOutside() {
        make("p256");
        PosternDaemon gateway = gateway();
        StrongSwan client = strongSwanClient();
        client.initiate("net");
        client.terminate("lab");

        pki("revoke", "--ca", "@@ca", "client.lab");
        gateway.awaitLine("crl.pem: the revocation list is read again", SOON);

        assertThatThrownBy(() -> client.initiate("net")).isInstanceOf(LabException.class);
        assertThat(String.join("\n", client.process().output())).contains("AUTH_FAILED");
    }

    /// Interop: certificates and lists of `postern pki` against the strict checks of OpenSSL |
    /// OpenSSL | neither
    @Test
    void opensslFindsNothingToComplainAbout() {
        make("p256");
        pki("ca", "--name", "Below", "--ca", "@@ca", "--out", "@@sub", "--permit", "example.net");
        pki("gateway", "--ca", "@@sub", "--out", "@@below", "gw1.example.net");
        assertThat(
                        openssl(
                                "verify",
                                "-x509_strict",
                                "-crl_check_all",
                                "-CAfile",
                                path("ca/ca.pem"),
                                "-untrusted",
                                path("sub/ca.pem"),
                                "-CRLfile",
                                path("ca/crl.pem"),
                                "-CRLfile",
                                path("sub/crl.pem"),
                                path("below.pem"),
                                path("gw.pem"),
                                path("c.pem")))
                .contains("below.pem: OK", "gw.pem: OK", "c.pem: OK");
        String request = path("own.csr");
        openssl(
                "req",
                "-new",
                "-newkey",
                "ed25519",
                "-nodes",
                "-subj",
                "/CN=ignored",
                "-keyout",
                path("own.key"),
                "-out",
                request);
        pki("client", "--ca", "@@ca", "--out", "@@own", "--request", request, "carol@example.net");
        assertThat(openssl("x509", "-in", path("own.pem"), "-noout", "-pubkey"))
                .isEqualTo(openssl("pkey", "-in", path("own.key"), "-pubout"));
        assertThat(openssl("x509", "-in", path("own.pem"), "-noout", "-ext", "subjectAltName"))
                .contains("email:carol@example.net")
                .doesNotContain("ignored");
    }
}
