package dev.postern.cluster;

import dev.postern.ticket.Revocation;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// The revocations of a cluster: the union of what its members know, of each subject the latest. In
/// by-value mode this is all that a member holds of clients that it does not serve.
/// Single-threaded.
public final class SharedRevocations {
    private final Map<String, Revocation> known = new HashMap<>();

    /// A name for what is revoked, the same at every member.
    public static String name(Revocation revocation) {
        return switch (revocation) {
            case Revocation.OfSession one -> "session " + one.sessionId().hex();
            case Revocation.OfGrant one -> "grant " + one.sessionId().hex();
            case Revocation.OfIdentity one ->
                    "identity " + one.identity().type() + " " + one.identity().data().hex();
            case Revocation.OfCertificate one -> "certificate " + one.fingerprint().hex();
            case Revocation.OfEverything _ -> "everything";
        };
    }

    /// Takes one; whether it is news.
    public boolean learn(Revocation revocation) {
        Revocation before = known.get(name(revocation));
        if (before != null && before.instant() >= revocation.instant()) {
            return false;
        }
        known.put(name(revocation), revocation);
        return true;
    }

    /// The latest of the same subject; this one where none is known.
    Revocation known(Revocation revocation) {
        return known.getOrDefault(name(revocation), revocation);
    }

    /// Drops what was revoked before an instant: no ticket from then is good any more.
    public void forget(long beforeSeconds) {
        for (Iterator<Revocation> all = known.values().iterator(); all.hasNext(); ) {
            if (all.next().instant() < beforeSeconds) {
                all.remove();
            }
        }
    }

    public List<Revocation> entries() {
        return List.copyOf(known.values());
    }
}
