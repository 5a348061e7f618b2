package dev.postern.eap;

import dev.postern.wire.Octets;

/// The certificate by which the other end was proven.
///
/// @param fingerprint SHA-256 of it
/// @param notAfter seconds since 1970 at which the first certificate of its chain expires
public record CertificateProof(Octets fingerprint, long notAfter) {}
