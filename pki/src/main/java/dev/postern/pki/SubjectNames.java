package dev.postern.pki;

import dev.postern.wire.Identity;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import javax.security.auth.x500.X500Principal;

/// Whether a certificate names an IKE identity (RFC 4945 section 3.1): a host name, e-mail address
/// or IP address only by a subjectAltName of its kind, a distinguished name only by the subject.
/// Nothing in the subject's CN counts as a name, and no wildcard matches.
public final class SubjectNames {
    private static final int RFC822_NAME = 1;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private SubjectNames() {}

    public static boolean names(X509Certificate certificate, Identity identity) {
        byte[] data = identity.data().array();
        return switch (identity.type()) {
            case Identity.FQDN -> has(certificate, DNS_NAME, text(data));
            case Identity.RFC822_ADDR -> hasMailbox(certificate, text(data));
            case Identity.IPV4_ADDR, Identity.IPV6_ADDR -> hasAddress(certificate, data);
            case Identity.DER_ASN1_DN -> isSubject(certificate, data);
            default -> false;
        };
    }

    /// The identity that its owner would claim without being told one: the first subjectAltName
    /// that can be one, else the subject.
    public static Identity firstOf(X509Certificate certificate) {
        for (List<?> name : alternatives(certificate)) {
            if (name.get(1) instanceof String text) {
                if (Integer.valueOf(DNS_NAME).equals(name.getFirst())) {
                    return Identity.fqdn(text);
                }
                if (Integer.valueOf(RFC822_NAME).equals(name.getFirst())) {
                    return Identity.email(text);
                }
                if (Integer.valueOf(IP_ADDRESS).equals(name.getFirst())) {
                    return Identity.address(InetAddress.ofLiteral(text));
                }
            }
        }
        return new Identity(
                Identity.DER_ASN1_DN,
                dev.postern.wire.Octets.of(certificate.getSubjectX500Principal().getEncoded()));
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }

    private static boolean has(X509Certificate certificate, int kind, String wanted) {
        for (List<?> name : alternatives(certificate)) {
            if (Integer.valueOf(kind).equals(name.getFirst())
                    && name.get(1) instanceof String text
                    && text.equalsIgnoreCase(wanted)) {
                return true;
            }
        }
        return false;
    }

    /// Of a mailbox only the host part ignores case (RFC 5280 section 7.5).
    private static boolean hasMailbox(X509Certificate certificate, String wanted) {
        for (List<?> name : alternatives(certificate)) {
            if (Integer.valueOf(RFC822_NAME).equals(name.getFirst())
                    && name.get(1) instanceof String text
                    && canonical(text).equals(canonical(wanted))) {
                return true;
            }
        }
        return false;
    }

    private static String canonical(String mailbox) {
        int at = mailbox.lastIndexOf('@');
        return mailbox.substring(0, at + 1) + mailbox.substring(at + 1).toLowerCase(Locale.ROOT);
    }

    private static boolean hasAddress(X509Certificate certificate, byte[] wanted) {
        for (List<?> name : alternatives(certificate)) {
            if (Integer.valueOf(IP_ADDRESS).equals(name.getFirst())
                    && name.get(1) instanceof String text
                    && Arrays.equals(InetAddress.ofLiteral(text).getAddress(), wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSubject(X509Certificate certificate, byte[] name) {
        try {
            X500Principal subject = certificate.getSubjectX500Principal();
            return !subject.getName().isEmpty() && subject.equals(new X500Principal(name));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }
}
