package dev.postern.gateway.revocation;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.crypto.SigningKey;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.Credentials;
import dev.postern.pki.RevocationStatus;
import dev.postern.pki.issue.Authority;
import dev.postern.pki.issue.Draft;
import dev.postern.pki.issue.Extension;
import dev.postern.pki.issue.Revoked;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// An authority with its files, as `openssl ocsp` wants them.
final class IssuingAuthority {
    private static final Entropy ENTROPY = new SecureRandom()::nextBytes;
    private static final DateTimeFormatter INDEX_TIME =
            DateTimeFormatter.ofPattern("uuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final X509Certificate certificate;
    private final Authority authority;
    private final StringBuilder index = new StringBuilder();

    IssuingAuthority(Path parent, String name) throws Exception {
        directory = Files.createDirectory(parent.resolve(name));
        KeyPair pair = pair();
        SigningKey key = SigningKey.of(SecretBytes.owning(pair.getPrivate().getEncoded()));
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        certificate =
                Authority.selfSigned(
                        new Draft(
                                Draft.commonName(name),
                                pair.getPublic().getEncoded(),
                                now.minus(Duration.ofDays(1)),
                                now.plus(Duration.ofDays(30)),
                                List.of(Extension.authority(-1), Extension.signsCertificates())),
                        key,
                        ENTROPY);
        authority =
                Authority.of(
                        new Credentials(new CertificateChain(List.of(certificate)), key), ENTROPY);
        write("ca", certificate, pair);
        Files.writeString(directory.resolve("index.txt"), "");
    }

    /// Another certificate of its name and its key.
    X509Certificate renewed(Instant notBefore, Instant notAfter) {
        return authority.issue(
                new Draft(
                        certificate.getSubjectX500Principal(),
                        certificate.getPublicKey().getEncoded(),
                        notBefore,
                        notAfter,
                        List.of(Extension.authority(-1), Extension.signsCertificates())));
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    X509Certificate certificate() {
        return certificate;
    }

    String file(String name) {
        return directory.resolve(name).toString();
    }

    /// A certificate that the responder will know.
    X509Certificate issue(String name, Extension... extensions) throws Exception {
        KeyPair pair = pair();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<Extension> all = new ArrayList<>(List.of(Extension.noAuthority(), Extension.signs()));
        all.addAll(List.of(extensions));
        X509Certificate issued =
                authority.issue(
                        new Draft(
                                Draft.commonName(name),
                                pair.getPublic().getEncoded(),
                                now.minus(Duration.ofDays(1)),
                                now.plus(Duration.ofDays(20)),
                                all));
        write(name, issued, pair);
        enter(issued, "V", "");
        return issued;
    }

    void revoke(X509Certificate issued) throws IOException {
        index.setLength(0);
        enter(issued, "R", INDEX_TIME.format(Instant.now().minusSeconds(60)));
    }

    /// One line of the database that `openssl ca` keeps.
    private void enter(X509Certificate issued, String state, String revokedAt) throws IOException {
        index.append(state)
                .append('\t')
                .append(INDEX_TIME.format(issued.getNotAfter().toInstant()))
                .append('\t')
                .append(revokedAt)
                .append('\t')
                .append(hex(issued.getSerialNumber()))
                .append("\tunknown\t/CN=")
                .append(hex(issued.getSerialNumber()))
                .append('\n');
        Files.writeString(directory.resolve("index.txt"), index);
    }

    private static String hex(BigInteger serial) {
        String digits = serial.toString(16).toUpperCase(Locale.ROOT);
        return digits.length() % 2 == 0 ? digits : "0" + digits;
    }

    byte[] list(long number, Duration validity, X509Certificate... revoked) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        List<Revoked> entries = new ArrayList<>();
        for (X509Certificate each : revoked) {
            entries.add(new Revoked(each.getSerialNumber(), now, Revoked.Reason.KEY_COMPROMISE));
        }
        return authority.list(
                entries,
                BigInteger.valueOf(number),
                now.minusSeconds(60 - number),
                now.plus(validity));
    }

    RevocationStatus.Unknown question(X509Certificate issued) {
        X509Certificate issuer = certificate;
        return new RevocationStatus.Unknown(issued, issuer);
    }

    private void write(String name, X509Certificate issued, KeyPair pair) throws Exception {
        Files.writeString(
                directory.resolve(name + ".pem"), pem("CERTIFICATE", issued.getEncoded()));
        Files.writeString(
                directory.resolve(name + ".key"),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(label, Base64.getMimeEncoder().encodeToString(der));
    }
}
