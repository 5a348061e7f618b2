package dev.postern.pki;

import org.jspecify.annotations.Nullable;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Paths that were found to be trusted, for as long as all their certificates are valid; the ones
/// used least give way. A refusal is not kept: strangers cannot fill this.
final class KeptPaths {
    static final int MOST = 4_096;

    private record Kept(ChainVerdict.Trusted verdict, Instant notBefore) {}

    private final Map<CertificateChain, Kept> paths = new LinkedHashMap<>(16, 0.75f, true);

    ChainVerdict.@Nullable Trusted find(CertificateChain chain, Instant at) {
        Kept kept = paths.get(chain);
        if (kept == null) {
            return null;
        }
        if (at.isBefore(kept.notBefore()) || at.isAfter(kept.verdict().notAfter())) {
            paths.remove(chain);
            return null;
        }
        return kept.verdict();
    }

    static Instant notAfter(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    void keep(CertificateChain chain, ChainVerdict.Trusted verdict) {
        Instant notBefore = verdict.anchor().getNotBefore().toInstant();
        for (X509Certificate each : verdict.path()) {
            Instant begin = each.getNotBefore().toInstant();
            notBefore = begin.isAfter(notBefore) ? begin : notBefore;
        }
        paths.put(chain, new Kept(verdict, notBefore));
        if (paths.size() > MOST) {
            paths.remove(paths.keySet().iterator().next());
        }
    }
}
