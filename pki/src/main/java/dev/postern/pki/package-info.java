/// Certificates (RFC 5280) as values: a peer's chain, whom it names, who vouches for it at an
/// instant, and whether it is revoked as far as the lists and responses at hand tell. No clock, no
/// file, no network: octets and instants come in, verdicts come out.
///
/// [CertificateChain] decodes what CERT payloads bring; [TrustAnchors] judges it; [SubjectNames]
/// compares it with an IKE identity (RFC 4945 section 3.1); [RevocationStatus] looks into
/// [RevocationEvidence]; [Credentials] is our own chain with the key that signs for it.
@NullMarked
package dev.postern.pki;

import org.jspecify.annotations.NullMarked;
