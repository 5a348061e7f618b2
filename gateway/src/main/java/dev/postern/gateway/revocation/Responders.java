package dev.postern.gateway.revocation;

import dev.postern.pki.OcspRequest;
import dev.postern.pki.OcspResponse;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationStatus;
import dev.postern.pki.UnreadableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// OCSP responders (RFC 6960 appendix A), with what they said for as long as it holds; one that
/// gives nothing is left alone for a while. For any thread.
final class Responders {
    private static final Logger LOG = LoggerFactory.getLogger(Responders.class);
    private static final int MOST_ANSWERS = 20_000;
    private static final int MOST_BROKEN = 256;
    private static final int NONCE_LENGTH = 32;
    private static final int LONGEST_GET = 255;
    private static final Duration REST = Duration.ofSeconds(30);

    private record Kept(byte[] response, Instant until) {}

    private final Web web;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<X509Certificate, Kept> answers = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Instant> broken = new HashMap<>();

    Responders(Web web, Clock clock) {
        this.web = web;
        this.clock = clock;
    }

    /// A response that settles the question, from the first responder that gives one; null where
    /// none does.
    byte @Nullable [] ask(
            RevocationStatus.Unknown question, List<String> responders, boolean nonce) {
        byte[] kept = kept(question.certificate());
        if (kept != null) {
            return kept;
        }
        return askAnew(question, responders, nonce);
    }

    /// The same, whatever was said before.
    byte @Nullable [] renew(RevocationStatus.Unknown question, List<String> responders) {
        return askAnew(question, responders, false);
    }

    private byte @Nullable [] askAnew(
            RevocationStatus.Unknown question, List<String> responders, boolean nonce) {
        for (String each : responders) {
            byte[] response = isResting(each) ? null : ask(question, each, nonce);
            if (response != null) {
                return response;
            }
        }
        return null;
    }

    private synchronized byte @Nullable [] kept(X509Certificate certificate) {
        Kept kept = answers.get(certificate);
        if (kept != null && kept.until().isAfter(clock.instant())) {
            return kept.response();
        }
        answers.remove(certificate);
        return null;
    }

    private synchronized boolean isResting(String responder) {
        Instant until = broken.get(responder);
        return until != null && until.isAfter(clock.instant());
    }

    private byte @Nullable [] ask(
            RevocationStatus.Unknown question, String responder, boolean nonce) {
        try {
            byte[] response = exchange(question, responder, nonce);
            Instant now = clock.instant();
            RevocationEvidence evidence =
                    new RevocationEvidence(List.of(), Map.of(question.certificate(), response));
            Instant until =
                    switch (evidence.statusOf(question.certificate(), question.issuer(), now)) {
                        case RevocationStatus.Good(Instant end) -> end;
                        case RevocationStatus.Revoked _ -> now.plus(Duration.ofDays(1));
                        case RevocationStatus.Unknown _ ->
                                throw new UnreadableException(
                                        "the answer is old, of another, or that the certificate is"
                                                + " unknown");
                    };
            keep(question.certificate(), new Kept(response, until));
            return response;
        } catch (IOException e) {
            rest(responder);
            tell(question, responder, e);
            return null;
        } catch (UnreadableException | IllegalArgumentException e) {
            tell(question, responder, e);
            return null;
        }
    }

    private static void tell(RevocationStatus.Unknown question, String responder, Exception e) {
        LOG.warn(
                "{}: the OCSP responder says nothing of use about {}: {}",
                responder,
                question.certificate().getSubjectX500Principal(),
                e.getMessage());
    }

    private synchronized void keep(X509Certificate certificate, Kept kept) {
        answers.put(certificate, kept);
        if (answers.size() > MOST_ANSWERS) {
            answers.remove(answers.keySet().iterator().next());
        }
    }

    private synchronized void rest(String responder) {
        if (broken.size() >= MOST_BROKEN) {
            broken.clear();
        }
        broken.put(responder, clock.instant().plus(REST));
    }

    private byte[] exchange(RevocationStatus.Unknown question, String responder, boolean nonce)
            throws IOException, UnreadableException {
        byte[] wanted = new byte[nonce ? NONCE_LENGTH : 0];
        random.nextBytes(wanted);
        byte[] request =
                OcspRequest.about(question.certificate(), question.issuer(), wanted).encoded();
        String base = responder.endsWith("/") ? responder : responder + "/";
        String text =
                URLEncoder.encode(
                        Base64.getEncoder().encodeToString(request), StandardCharsets.US_ASCII);
        // GET is for what caches may keep (RFC 6960 appendix A.1).
        byte[] response =
                nonce || base.length() + text.length() > LONGEST_GET
                        ? web.post(
                                URI.create(responder),
                                "application/ocsp-request",
                                request,
                                OcspResponse.LONGEST)
                        : web.get(URI.create(base + text), OcspResponse.LONGEST);
        if (nonce && !Arrays.equals(OcspResponse.decode(response).nonce(), wanted)) {
            throw new UnreadableException("it did not repeat the nonce");
        }
        return response;
    }
}
