package dev.postern.gateway.revocation;

import dev.postern.gateway.configuration.CertificateSettings;
import dev.postern.pki.OcspResponse;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationStatus;
import dev.postern.pki.UnreadableException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// OCSP responses about our own certificates, fetched ahead for peers that ask for them (RFC 4806).
/// Each is renewed when half of its time has passed. For any thread.
final class Staples {
    private static final Logger LOG = LoggerFactory.getLogger(Staples.class);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration SOONEST = Duration.ofSeconds(30);
    private static final Duration LATEST = Duration.ofDays(1);

    /// A certificate of ours and whom to ask about it.
    private record Own(RevocationStatus.Unknown question, CertificateSettings settings) {}

    private final Responders responders;
    private final Clock clock;
    private final List<Own> own;
    private final Map<X509Certificate, byte[]> responses = new HashMap<>();
    private final Map<X509Certificate, Instant> askAt = new HashMap<>();

    Staples(Responders responders, Clock clock, List<CertificateSettings> settings) {
        this.responders = responders;
        this.clock = clock;
        this.own =
                settings.stream()
                        .filter(each -> each.online().staples())
                        .flatMap(each -> questions(each).stream())
                        .toList();
    }

    /// Every certificate of our chain whose issuer is at hand.
    private static List<Own> questions(CertificateSettings settings) {
        List<Own> questions = new ArrayList<>();
        if (settings.own() != null) {
            List<X509Certificate> chain = settings.own().chain().certificates();
            List<X509Certificate> issuers = new ArrayList<>(chain);
            if (settings.trust() != null) {
                issuers.addAll(settings.trust().certificates());
            }
            for (X509Certificate each : chain) {
                issuers.stream()
                        .filter(issuer -> !issuer.equals(each) && isIssuedBy(each, issuer))
                        .findFirst()
                        .ifPresent(issuer ->
                                questions.add(
                                        new Own(
                                                new RevocationStatus.Unknown(each, issuer),
                                                settings)));
            }
        }
        return questions;
    }

    private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            PublicKey key = issuer.getPublicKey();
            if (certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
                certificate.verify(key);
                return true;
            }
            return false;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// Those that are at hand.
    synchronized RevocationEvidence evidence() {
        return new RevocationEvidence(List.of(), responses);
    }

    /// Fetches those whose time has come, for as long as that takes.
    ///
    /// @return whether there is one that was not there before
    boolean refresh() {
        boolean changed = false;
        for (Own each : own) {
            if (isDue(each.question().certificate())) {
                changed |= fetch(each);
            }
        }
        return changed;
    }

    private synchronized boolean isDue(X509Certificate certificate) {
        Instant at = askAt.get(certificate);
        return at == null || !at.isAfter(clock.instant());
    }

    private boolean fetch(Own each) {
        X509Certificate certificate = each.question().certificate();
        byte[] response =
                responders.renew(
                        each.question(),
                        RevocationNews.respondersFor(
                                each.question(), each.settings().online().sources()));
        Instant now = clock.instant();
        RevocationStatus status =
                response == null
                        ? each.question()
                        : new RevocationEvidence(List.of(), Map.of(certificate, response))
                                .statusOf(certificate, each.question().issuer(), now);
        synchronized (this) {
            if (response == null || !(status instanceof RevocationStatus.Good)) {
                askAt.put(certificate, now.plus(AFTER_FAILURE));
                if (status instanceof RevocationStatus.Revoked) {
                    LOG.error(
                            "our certificate {} IS REVOKED, its issuer says; peers will refuse us",
                            certificate.getSubjectX500Principal());
                    return responses.remove(certificate) != null;
                }
                return false;
            }
            responses.put(certificate, response);
            askAt.put(certificate, now.plus(renewalAfter(response, each.question(), now)));
            return true;
        }
    }

    private static Duration renewalAfter(
            byte[] response, RevocationStatus.Unknown question, Instant now) {
        try {
            OcspResponse.Single single =
                    OcspResponse.decode(response).about(question.certificate(), question.issuer());
            Duration half =
                    single == null
                            ? SOONEST
                            : Duration.between(now, RevocationEvidence.goodUntil(single))
                                    .dividedBy(2);
            return half.compareTo(SOONEST) < 0
                    ? SOONEST
                    : half.compareTo(LATEST) > 0 ? LATEST : half;
        } catch (UnreadableException e) {
            return AFTER_FAILURE;
        }
    }
}
