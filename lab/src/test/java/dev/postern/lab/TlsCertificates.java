package dev.postern.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An authority, a gateway's and a client's certificate, made by openssl in a directory of the lab.
final class TlsCertificates {
    private static final String DAYS = "2";

    private final Lab lab;

    TlsCertificates(Lab lab) {
        this.lab = lab;
        try {
            Files.createDirectories(lab.directory().resolve("tls"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days " + DAYS,
                "-keyout",
                path("ca.key"),
                "-out",
                path("ca.pem"),
                "-subj",
                "/CN=lab authority",
                "-addext",
                "basicConstraints=critical,CA:TRUE",
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign");
        issue(
                "gateway",
                "/CN=gw-a.lab",
                "subjectAltName=DNS:gw-a.lab\nextendedKeyUsage=serverAuth\n");
        issue(
                "alice",
                "/CN=Alice",
                "subjectAltName=email:alice@example.org\nextendedKeyUsage=clientAuth\n");
    }

    /// A certificate for a user, `NAME.pem` and `NAME.key`.
    void issueTo(String name, String mail) {
        issue(
                name,
                "/CN=" + name,
                "subjectAltName=email:" + mail + "\nextendedKeyUsage=clientAuth\n");
    }

    /// Revokes a certificate.
    ///
    /// @return the authority's list
    Path revoke(String name) {
        lab.write("tls/index.txt", "");
        Path conf =
                lab.write(
                        "tls/ca.conf",
                        "[ca]\ndefault_ca = lab\n[lab]\ndefault_md = sha256\ndatabase = "
                                + path("index.txt")
                                + "\n");
        String authority =
                "ca -config " + conf + " -cert " + path("ca.pem") + " -keyfile " + path("ca.key");
        openssl(authority, "-revoke", path(name + ".pem"));
        openssl(authority, "-gencrl", "-crldays", DAYS, "-out", path("ca.crl"));
        return Path.of(path("ca.crl"));
    }

    private void issue(String name, String subject, String extensions) {
        Path file = lab.write("tls/" + name + ".ext", extensions);
        openssl(
                "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes",
                "-keyout",
                path(name + ".key"),
                "-out",
                path(name + ".csr"),
                "-subj",
                subject);
        openssl(
                "x509 -req -CAcreateserial -days " + DAYS,
                "-in",
                path(name + ".csr"),
                "-CA",
                path("ca.pem"),
                "-CAkey",
                path("ca.key"),
                "-extfile",
                file.toString(),
                "-out",
                path(name + ".pem"));
        try {
            Files.setPosixFilePermissions(
                    Path.of(path(name + ".key")), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void openssl(String words, String... more) {
        List<String> all = new ArrayList<>();
        all.add(Component.OPENSSL_PROGRAM.require().toString());
        all.addAll(Arrays.asList(words.split(" ")));
        all.addAll(List.of(more));
        Command.of(all).runSuccessfully();
    }

    /// The path of one of the files.
    String path(String name) {
        return lab.directory().resolve("tls").resolve(name).toString();
    }

    String text(String name) {
        try {
            return Files.readString(Path.of(path(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The keys of a table `eap` of Postern with these.
    String eap(String name) {
        return """
        method = "tls"
        certificate = "%s"
        private-key = "%s"
        trust = "%s"
        """
                .formatted(path(name + ".pem"), path(name + ".key"), path("ca.pem"));
    }

    /// Gives one of the certificates to the strongSwan that is to start there.
    void install(NetworkNamespace host, String name) {
        lab.write(host.host() + "/x509ca/ca.pem", text("ca.pem"));
        lab.write(host.host() + "/x509/" + name + ".pem", text(name + ".pem"));
        lab.write(host.host() + "/private/" + name + ".pem", text(name + ".key"));
    }
}
