package dev.postern.grid;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLContext;

/// An authority that lives as long as a test.
final class TestAuthority {
    private final X500Name name;
    private final KeyPair keys;
    private final X509Certificate certificate;
    private int serial = 1;

    TestAuthority(String name) {
        this(name, -1, 30);
    }

    /// One whose own certificate is good between these days from now.
    TestAuthority(String name, int fromDay, int untilDay) {
        this.name = new X500Name("CN=" + name);
        try {
            this.keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
            this.certificate = issue(this.name, keys, "", true, fromDay, untilDay);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private X509Certificate issue(X500Name subject, KeyPair subjectKeys, String dns, boolean ca)
            throws Exception {
        return issue(subject, subjectKeys, dns, ca, -1, 30);
    }

    private X509Certificate issue(
            X500Name subject,
            KeyPair subjectKeys,
            String dns,
            boolean ca,
            int fromDay,
            int untilDay)
            throws Exception {
        Instant now = Instant.now();
        return issue(
                subject,
                subjectKeys,
                dns,
                ca,
                now.plus(Duration.ofDays(fromDay)),
                now.plus(Duration.ofDays(untilDay)));
    }

    private X509Certificate issue(
            X500Name subject,
            KeyPair subjectKeys,
            String dns,
            boolean ca,
            Instant from,
            Instant until)
            throws Exception {
        X509v3CertificateBuilder builder =
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.valueOf(serial++),
                        Date.from(from),
                        Date.from(until),
                        subject,
                        subjectKeys.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
        if (!dns.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, dns)));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(keys.getPrivate())));
    }

    X509Certificate certificate() {
        return certificate;
    }

    /// What a member of that name talks to the others with.
    SSLContext member(String node, Set<String> nodes) {
        return member(node, nodes, this);
    }

    /// The same, trusting another authority.
    SSLContext member(String node, Set<String> nodes, TestAuthority trusted) {
        return context(issued(node, -1, 30), nodes, trusted);
    }

    /// What one of that name would talk with whose certificate ended yesterday.
    SSLContext expired(String node, Set<String> nodes) {
        return context(issued(node, -30, -1), nodes, this);
    }

    /// What one of that name talks with whose certificate ends at this instant.
    SSLContext ending(String node, Set<String> nodes, Instant end) {
        try {
            KeyPair own = KeyPairGenerator.getInstance("EC").generateKeyPair();
            X509Certificate leaf =
                    issue(
                            new X500Name("CN=" + node),
                            own,
                            node,
                            false,
                            end.minus(Duration.ofDays(1)),
                            end);
            return context(new Issued(leaf, own.getPrivate()), nodes, this);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static SSLContext context(Issued own, Set<String> nodes, TestAuthority trusted) {
        try {
            return MemberTls.context(
                    List.of(own.certificate()), own.key(), List.of(trusted.certificate), nodes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// A certificate and its key.
    record Issued(X509Certificate certificate, PrivateKey key) {}

    /// One that is good between these days from now.
    Issued issued(String node, int fromDay, int untilDay) {
        try {
            KeyPair own = KeyPairGenerator.getInstance("EC").generateKeyPair();
            X500Name subject = new X500Name("CN=" + node);
            return new Issued(
                    issue(subject, own, node, false, fromDay, untilDay), own.getPrivate());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// Writes `ca.pem`, `NODE.pem` and `NODE.key` into a directory.
    void write(Path directory, String... nodes) throws IOException {
        try {
            pem(directory.resolve("ca.pem"), "CERTIFICATE", certificate.getEncoded());
            for (String node : nodes) {
                KeyPair own = KeyPairGenerator.getInstance("EC").generateKeyPair();
                X509Certificate leaf = issue(new X500Name("CN=" + node), own, node, false);
                pem(directory.resolve(node + ".pem"), "CERTIFICATE", leaf.getEncoded());
                pem(directory.resolve(node + ".key"), "PRIVATE KEY", own.getPrivate().getEncoded());
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void pem(Path file, String label, byte[] octets) throws IOException {
        String body =
                Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(octets);
        Files.writeString(
                file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
