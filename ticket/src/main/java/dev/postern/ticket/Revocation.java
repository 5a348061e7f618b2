package dev.postern.ticket;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

/// What is no longer to be resumed (failover profile, "Revocation"). All but a single session are
/// revoked up to an instant: who authenticates in full after it is let in again, and no chain of
/// resumes that began before it goes on. What one session was granted may be revoked as well, which
/// leaves it the tickets that say what it is granted now.
public sealed interface Revocation {
    /// By how much the clocks of two gateways may differ: what one of them dated this much later
    /// still counts as before.
    long CLOCK_TOLERANCE_SECONDS = 60;

    /// When it was revoked, seconds since 1970 UTC.
    long instant();

    /// Whether a session is meant.
    boolean covers(Revocable session);

    /// One session, whenever it was authenticated.
    record OfSession(Octets sessionId, long instant) implements Revocation {
        @Override
        public boolean covers(Revocable session) {
            return session.sessionId().equals(sessionId);
        }
    }

    /// What one session was granted before an order changed it; clocks play no part.
    ///
    /// @param instant [GrantMark] of the order
    record OfGrant(Octets sessionId, long instant) implements Revocation {
        @Override
        public boolean covers(Revocable session) {
            return session.sessionId().equals(sessionId) && session.grantedAt() < instant;
        }
    }

    /// Every session of an identity, be it IDi or the one that EAP has verified.
    record OfIdentity(Identity identity, long instant) implements Revocation {
        @Override
        public boolean covers(Revocable session) {
            return isBefore(session, instant)
                    && (session.authenticatedIdentity().equals(identity)
                            || session.initiator().equals(identity));
        }
    }

    /// Every session that this certificate has authenticated.
    ///
    /// @param fingerprint SHA-256, 32 octets
    record OfCertificate(Octets fingerprint, long instant) implements Revocation {
        @Override
        public boolean covers(Revocable session) {
            return isBefore(session, instant) && session.peerCertificate().equals(fingerprint);
        }
    }

    /// Everything that was authenticated before the instant.
    record OfEverything(long instant) implements Revocation {
        @Override
        public boolean covers(Revocable session) {
            return isBefore(session, instant);
        }
    }

    private static boolean isBefore(Revocable session, long instant) {
        return session.authenticatedAt() <= instant + CLOCK_TOLERANCE_SECONDS;
    }
}
