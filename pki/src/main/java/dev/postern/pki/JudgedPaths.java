package dev.postern.pki;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// What trusted paths have shown when they were judged: who issues, and which certificates were
/// found to be revoked by evidence that is not kept, as a responder's answer is not. Bounded, the
/// oldest goes first. Not safe for use from several threads.
final class JudgedPaths {
    private static final int MOST_ISSUERS = 256;

    /// Who adds one holds a revoked certificate of a trusted authority, and its key.
    private static final int MOST_FOUND = 1024;

    private final Set<X509Certificate> issuers = new LinkedHashSet<>();
    private final Map<X509Certificate, Finding> findings = new LinkedHashMap<>();

    /// @param at when it was found; what was found later counts
    private record Finding(boolean revoked, Instant at) {}

    /// Takes note of a trusted path.
    ///
    /// @return whether an issuer is in it that was not known
    boolean met(ChainVerdict.Trusted path) {
        boolean more = false;
        for (int i = 0; i < path.path().size(); i++) {
            more |= met(path.issuerOf(i));
        }
        return more;
    }

    /// Takes note of what was found of a trusted path at an instant.
    ///
    /// @return whether that was not known
    boolean found(ChainVerdict.Trusted path, RevocationStatus status, Instant at) {
        return switch (status) {
            case RevocationStatus.Revoked(X509Certificate certificate) -> {
                Finding before = findings.get(certificate);
                found(certificate, new Finding(true, at));
                yield before == null || !before.revoked;
            }
            case RevocationStatus.Good _ -> clear(path, at);
            case RevocationStatus.Unknown _ -> false;
        };
    }

    /// A certificate that was on hold may be good again (RFC 5280 section 5.3.1).
    private boolean clear(ChainVerdict.Trusted path, Instant at) {
        boolean cleared = false;
        for (X509Certificate each : path.path()) {
            Finding before = findings.get(each);
            if (before != null) {
                found(each, new Finding(false, at));
                cleared |= before.revoked;
            }
        }
        return cleared;
    }

    /// What another one knows is known here too.
    void learn(JudgedPaths other) {
        other.issuers.forEach(this::met);
        other.findings.forEach(this::found);
    }

    private boolean met(X509Certificate issuer) {
        boolean more = issuers.add(issuer);
        if (issuers.size() > MOST_ISSUERS) {
            issuers.remove(issuers.iterator().next());
        }
        return more;
    }

    private void found(X509Certificate certificate, Finding finding) {
        findings.merge(certificate, finding, (old, now) -> now.at.isBefore(old.at) ? old : now);
        if (findings.size() > MOST_FOUND) {
            findings.remove(findings.keySet().iterator().next());
        }
    }

    /// These authorities, and those that were met.
    List<X509Certificate> issuersAnd(List<X509Certificate> known) {
        List<X509Certificate> all = new ArrayList<>(known);
        all.addAll(issuers);
        return all;
    }

    /// Whether the certificate of this issuer and number was found to be revoked.
    ///
    /// @param isIssuer whether this name, in DER, is its issuer's
    boolean isRevoked(Predicate<byte[]> isIssuer, BigInteger serial) {
        for (Map.Entry<X509Certificate, Finding> each : findings.entrySet()) {
            X509Certificate certificate = each.getKey();
            if (each.getValue().revoked
                    && certificate.getSerialNumber().equals(serial)
                    && isIssuer.test(certificate.getIssuerX500Principal().getEncoded())) {
                return true;
            }
        }
        return false;
    }
}
