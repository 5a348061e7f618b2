package dev.postern.gateway.configuration;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/// Warns of certificates that are not valid, or not for much longer.
final class CertificateTimes {
    /// Before this, whoever renews certificates by hand wants to hear of it.
    private static final Duration SOON = Duration.ofDays(30);

    private CertificateTimes() {}

    /// One of our own.
    static void warnOfOwn(X509Certificate certificate, Place place, Instant now) {
        warn("the certificate of ", certificate, "nobody believes it", place, now);
    }

    /// One that others are believed by.
    static void warnOfAuthority(X509Certificate certificate, Place place, Instant now) {
        warn("the authority ", certificate, "nobody is believed by it", place, now);
    }

    private static void warn(
            String what, X509Certificate certificate, String effect, Place place, Instant now) {
        Instant begins = certificate.getNotBefore().toInstant();
        Instant ends = certificate.getNotAfter().toInstant();
        String whose = what + CertificateReader.nameOf(certificate);
        if (now.isAfter(ends)) {
            place.warn(whose + " HAS EXPIRED on " + CertificateReader.day(ends) + "; " + effect);
        } else if (now.isBefore(begins)) {
            place.warn(
                    "%s is not good before %s; until then %s"
                            .formatted(whose, CertificateReader.day(begins), effect));
        } else if (now.plus(SOON).isAfter(ends)) {
            place.warn(whose + " expires on " + CertificateReader.day(ends) + "; renew it before");
        }
    }
}
