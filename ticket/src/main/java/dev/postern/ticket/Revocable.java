package dev.postern.ticket;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

/// By what a revocation finds a session, whether it lives in an IKE SA or rests in a ticket.
public interface Revocable {
    /// 16 octets, the same over all resumes.
    Octets sessionId();

    /// IDi.
    Identity initiator();

    /// The identity that was verified: IDi, or the EAP identity.
    Identity authenticatedIdentity();

    /// SHA-256 of the peer's certificate; empty where it was not authenticated by one.
    Octets peerCertificate();

    /// When the peer proved who it is, seconds since 1970 UTC. No resume changes it.
    long authenticatedAt();

    /// When an order of its server last changed what the session may do, see [GrantMark]; 0 for
    /// never.
    long grantedAt();
}
