package dev.postern.gateway.tickets;

import dev.postern.gateway.eap.TlsIdentity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/// The certificates among the test's resources; `make.sh` there tells what each is.
public final class TicketCertificates {
    private TicketCertificates() {}

    private static byte[] resource(String name) {
        try (InputStream in = TicketCertificates.class.getResourceAsStream("/tickets/" + name)) {
            if (in == null) {
                throw new AssertionError("no resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static X509Certificate certificate(String name) {
        try (InputStream in =
                TicketCertificates.class.getResourceAsStream("/tickets/" + name + ".pem")) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// Who shows the certificate of this name, trusts the domain's authority and the one that it
    /// had before, which has ended, and as a gateway wants the domain's ticket service.
    static TlsIdentity identity(String name) {
        String pem = new String(resource(name + ".key"), StandardCharsets.US_ASCII);
        byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        try {
            return new TlsIdentity(
                    List.of(certificate(name)),
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded)),
                    List.of(certificate("ca"), certificate("ended-ca")),
                    List.of("tickets.example"));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// Puts resources into a directory, closed to others.
    public static void copyTo(Path directory, String... names) throws IOException {
        for (String name : names) {
            Path file = directory.resolve(name);
            Files.write(file, resource(name));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }
}
