package dev.postern.cli.pki;

import dev.postern.crypto.Der;
import dev.postern.crypto.MalformedDerException;
import dev.postern.pki.RevocationUrls;
import dev.postern.wire.PrintableText;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.security.auth.x500.X500Principal;

/// Certificates and lists in words. What stands in them is somebody else's: no control character
/// gets through.
final class CertificateText {
    private static final String LIST_NUMBER = "2.5.29.20";
    private static final Map<String, String> PURPOSES =
            Map.of(
                    "2.5.29.37.0", "anything",
                    "1.3.6.1.5.5.7.3.1", "server authentication",
                    "1.3.6.1.5.5.7.3.2", "client authentication",
                    "1.3.6.1.5.5.7.3.9", "OCSP signing",
                    "1.3.6.1.5.5.7.3.17", "IKE",
                    "1.3.6.1.5.5.8.2.2", "IKE intermediate");

    private static final List<String> USAGES =
            List.of(
                    "digital signature",
                    "non-repudiation",
                    "key encipherment",
                    "data encipherment",
                    "key agreement",
                    "certificate signing",
                    "list signing",
                    "encipher only",
                    "decipher only");

    private CertificateText() {}

    static List<String> of(X509Certificate certificate, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add("certificate of " + name(certificate.getSubjectX500Principal()));
        add(lines, "issued by", name(certificate.getIssuerX500Principal()));
        add(lines, "serial", certificate.getSerialNumber().toString(16));
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        add(lines, "good", "from " + begin + " until " + end + ", " + standing(begin, end, now));
        add(lines, "key", key(certificate.getPublicKey()));
        add(lines, "names", String.join(", ", names(certificate)));
        add(lines, "authority", authority(certificate));
        add(lines, "usage", usage(certificate));
        add(lines, "purpose", purposes(certificate));
        add(lines, "lists at", String.join(", ", RevocationUrls.listsOf(certificate)));
        add(lines, "OCSP at", String.join(", ", RevocationUrls.respondersOf(certificate)));
        if (certificate.getExtensionValue("2.5.29.30") != null) {
            add(lines, "constraints", "may vouch for some names only");
        }
        add(lines, "SHA-256", AuthorityDirectory.fingerprint(certificate));
        return lines;
    }

    static List<String> of(X509CRL list, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add("revocation list of " + name(list.getIssuerX500Principal()));
        add(lines, "number", listNumber(list).toString());
        Instant begin = list.getThisUpdate().toInstant();
        if (list.getNextUpdate() == null) {
            add(lines, "good", "from " + begin + ", and does not say how long");
        } else {
            Instant end = list.getNextUpdate().toInstant();
            add(
                    lines,
                    "good",
                    "from " + begin + " until " + end + ", " + standing(begin, end, now));
        }
        var entries = list.getRevokedCertificates();
        int count = entries == null ? 0 : entries.size();
        add(lines, "revokes", count + (count == 1 ? " certificate" : " certificates"));
        if (entries != null) {
            for (X509CRLEntry entry : entries) {
                add(
                        lines,
                        "",
                        entry.getSerialNumber().toString(16)
                                + " at "
                                + entry.getRevocationDate().toInstant()
                                + (entry.getRevocationReason() == null
                                        ? ""
                                        : ", "
                                                + entry.getRevocationReason()
                                                        .name()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', '-')));
            }
        }
        return lines;
    }

    /// The number of a list; zero where it has none.
    static BigInteger listNumber(X509CRL list) {
        byte[] extension = list.getExtensionValue(LIST_NUMBER);
        if (extension == null) {
            return BigInteger.ZERO;
        }
        try {
            return Der.only(extension, Der.OCTET_STRING).integer();
        } catch (MalformedDerException e) {
            return BigInteger.ZERO;
        }
    }

    private static void add(List<String> lines, String what, String value) {
        if (!value.isEmpty()) {
            lines.add("  %-12s %s".formatted(what, value));
        }
    }

    private static String standing(Instant begin, Instant end, Instant now) {
        if (now.isBefore(begin)) {
            return "NOT YET";
        }
        if (now.isAfter(end)) {
            return "EXPIRED";
        }
        Duration left = Duration.between(now, end);
        return left.toDays() > 1 ? left.toDays() + " days left" : left.toHours() + " hours left";
    }

    private static String key(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> "RSA, " + rsa.getModulus().bitLength() + " bits";
            case ECPublicKey ec ->
                    "EC, " + ec.getParams().getCurve().getField().getFieldSize() + " bits";
            case EdECPublicKey edwards -> edwards.getParams().getName();
            default -> key.getAlgorithm();
        };
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                all.forEach(each ->
                        names.add(
                                each.get(1) instanceof String text
                                        ? PrintableText.of(text)
                                        : "another name"));
            }
        } catch (CertificateParsingException e) {
            names.add("names that cannot be read");
        }
        return names;
    }

    private static String authority(X509Certificate certificate) {
        int below = certificate.getBasicConstraints();
        return switch (below) {
            case -1 -> "";
            case Integer.MAX_VALUE -> "yes";
            case 0 -> "yes, with no other below it";
            default -> "yes, with at most " + below + " below each other";
        };
    }

    private static String usage(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        List<String> words = new ArrayList<>();
        for (int i = 0; usage != null && i < Math.min(usage.length, USAGES.size()); i++) {
            if (usage[i]) {
                words.add(USAGES.get(i));
            }
        }
        return String.join(", ", words);
    }

    private static String purposes(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes == null
                    ? ""
                    : String.join(
                            ", ",
                            purposes.stream()
                                    .map(each -> PURPOSES.getOrDefault(each, each))
                                    .toList());
        } catch (CertificateParsingException e) {
            return "that cannot be read";
        }
    }

    private static String name(X500Principal name) {
        return name.getName().isEmpty() ? "(no name)" : PrintableText.of(name.getName());
    }
}
