package dev.postern.eap;

import dev.postern.wire.Octets;

import java.util.List;

/// The certificate by which the other end was proven.
///
/// @param fingerprint SHA-256 of it
/// @param notAfter seconds since 1970 at which the first certificate of its chain expires
/// @param marks what a session keeps of it beside, as whoever brought the engine understands it
public record CertificateProof(Octets fingerprint, long notAfter, List<Octets> marks) {
    public CertificateProof {
        marks = List.copyOf(marks);
    }
}
