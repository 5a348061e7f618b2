package dev.postern.gateway.revocation;

import dev.postern.gateway.configuration.CertificateSettings;
import dev.postern.ike.CertificatePolicy;
import dev.postern.pki.CertificateChain;
import dev.postern.pki.ChainVerdict;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.RevocationStatus;
import dev.postern.pki.TrustAnchors;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/// The same judgement of a chain of EAP-TLS as of one of IKE. For one thread at a time.
final class ChainRevocation {
    /// @param fault why the chain is refused; null where it is not
    /// @param open certificates of which nothing current is known, and that were not asked about
    /// @param news whether judging has shown an authority or a revocation that was not known
    record Verdict(@Nullable String fault, List<RevocationStatus.Unknown> open, boolean news) {
        Verdict {
            open = List.copyOf(open);
        }
    }

    private static final Verdict GOOD = new Verdict(null, List.of(), false);

    private final Clock clock;
    private RevocationEvidence known = RevocationEvidence.NONE;

    ChainRevocation(Clock clock) {
        this.clock = clock;
    }

    /// Takes what is known now, and keeps what was found out about the lists that stay.
    ///
    /// @return the same, with what judging has shown until now
    RevocationEvidence know(RevocationEvidence evidence) {
        // Another object, because this one finds out about signatures on its own threads.
        known = RevocationEvidence.NONE.and(evidence).remembering(known);
        return evidence.remembering(known);
    }

    /// @param found what was looked up about this chain
    Verdict judge(
            CertificateSettings settings, List<X509Certificate> chain, RevocationEvidence found) {
        TrustAnchors trust = settings.trust();
        if (trust == null) {
            return GOOD;
        }
        if (chain.isEmpty() || chain.size() > CertificateChain.MOST_CERTIFICATES) {
            return new Verdict("a chain of " + chain.size() + " certificates", List.of(), false);
        }
        Instant now = clock.instant();
        return switch (trust.judge(new CertificateChain(chain), now)) {
            case ChainVerdict.Refused refused -> new Verdict(refused.detail(), List.of(), false);
            case ChainVerdict.Trusted path ->
                    settings.revocation() == CertificatePolicy.Revocation.OFF
                            ? GOOD
                            : judge(settings, path, found, now);
        };
    }

    private Verdict judge(
            CertificateSettings settings,
            ChainVerdict.Trusted path,
            RevocationEvidence found,
            Instant now) {
        RevocationStatus status = known.statusOf(path, now);
        List<RevocationStatus.Unknown> open = List.of();
        if (status instanceof RevocationStatus.Unknown) {
            RevocationEvidence all = known.and(found);
            status = all.statusOf(path, now);
            open = found == RevocationEvidence.NONE ? all.unknownOf(path, now) : open;
        }
        boolean news = known.learn(path, status, now);
        return switch (status) {
            case RevocationStatus.Good _ -> new Verdict(null, List.of(), news);
            case RevocationStatus.Revoked revoked ->
                    new Verdict(
                            "the certificate of " + name(revoked.certificate()) + " is revoked",
                            List.of(),
                            news);
            case RevocationStatus.Unknown unknown ->
                    new Verdict(
                            settings.revocation() == CertificatePolicy.Revocation.RELAXED
                                    ? null
                                    : "nothing current is known of the revocation of "
                                            + name(unknown.certificate()),
                            open,
                            news);
        };
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }
}
