package dev.postern.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;

/// What is known of the revocation of a path's certificates.
public sealed interface RevocationStatus {
    /// Every certificate is covered by evidence that holds at the instant, and none is revoked.
    ///
    /// @param until when the first evidence must be renewed
    record Good(Instant until) implements RevocationStatus {}

    record Revoked(X509Certificate certificate) implements RevocationStatus {}

    /// Nothing at hand says anything current about this certificate.
    record Unknown(X509Certificate certificate, X509Certificate issuer)
            implements RevocationStatus {}
}
