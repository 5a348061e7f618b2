package dev.postern.gateway.configuration;

import dev.postern.pki.TrustAnchors;

import java.security.cert.X509Certificate;
import java.util.stream.Collectors;

/// What a table `certificates` means, in sentences.
final class CertificateSummary {
    private CertificateSummary() {}

    /// @param other who is vouched for, such as "peers"
    static String of(CertificateSettings settings, String other) {
        StringBuilder text = new StringBuilder();
        if (settings.own() != null) {
            X509Certificate leaf = settings.own().chain().leaf();
            text.append("proves itself by the certificate of ")
                    .append(CertificateReader.nameOf(leaf))
                    .append(", ")
                    .append(leaf.getPublicKey().getAlgorithm())
                    .append(", good until ")
                    .append(CertificateReader.day(leaf.getNotAfter().toInstant()));
        }
        if (settings.trust() != null) {
            text.append(text.isEmpty() ? "believes " : " and believes ")
                    .append(other)
                    .append(" with certificates of ")
                    .append(authorities(settings.trust()))
                    .append(
                            switch (settings.revocation()) {
                                case OFF -> ", revoked or not";
                                case RELAXED -> ", unless they are known to be revoked";
                                case STRICT -> ", where they are known not to be revoked";
                            });
        }
        return text.append('.').toString();
    }

    private static String authorities(TrustAnchors trust) {
        return trust.certificates().stream()
                .map(each ->
                        CertificateReader.nameOf(each)
                                + " (until "
                                + CertificateReader.day(each.getNotAfter().toInstant())
                                + ")")
                .collect(Collectors.joining(", "));
    }
}
