package dev.postern.ticket;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All that was revoked and could still be resumed. An entry is kept until the longest ticket
/// lifetime has passed after it: by then no ticket from before is good any more. Memory is bounded,
/// and the bound fails safe: where there are too many entries, all of them become one, "everything
/// up to now", which sends some honest clients through a full exchange and lets nobody in.
///
/// Single-threaded; looking up costs the same whatever was revoked.
public final class Revocations {
    /// Entries that are kept one by one.
    public static final int DEFAULT_LIMIT = 65_536;

    private final int limit;
    private long keptForSeconds;
    private final Map<Octets, Revocation.OfSession> sessions = new HashMap<>();
    private final Map<Octets, Revocation.OfGrant> grants = new HashMap<>();
    private final Map<Identity, Revocation.OfIdentity> identities = new HashMap<>();
    private final Map<Octets, Revocation.OfCertificate> certificates = new HashMap<>();
    private long everythingUntil = Long.MIN_VALUE;

    /// @param limit entries that are kept one by one, at least 1
    /// @param keptForSeconds the longest lifetime of a ticket in the domain
    public Revocations(int limit, long keptForSeconds) {
        if (limit < 1 || keptForSeconds < 0) {
            throw new IllegalArgumentException(
                    limit + " revocations for " + keptForSeconds + " seconds cannot be kept");
        }
        this.limit = limit;
        this.keptForSeconds = keptForSeconds;
    }

    /// Keeps all of them for so long at least: tickets of a longer lifetime are still about.
    public void keepFor(long seconds) {
        keptForSeconds = Math.max(keptForSeconds, seconds);
    }

    /// Adds one; of two of the same subject the later counts.
    ///
    /// @return whether the bound was reached and everything up to `nowSeconds` is revoked instead
    public boolean add(Revocation revocation, long nowSeconds) {
        switch (revocation) {
            case Revocation.OfSession one ->
                    sessions.merge(one.sessionId(), one, Revocations::later);
            case Revocation.OfGrant one -> grants.merge(one.sessionId(), one, Revocations::later);
            case Revocation.OfIdentity one ->
                    identities.merge(one.identity(), one, Revocations::later);
            case Revocation.OfCertificate one ->
                    certificates.merge(one.fingerprint(), one, Revocations::later);
            case Revocation.OfEverything(long instant) ->
                    everythingUntil = Math.max(everythingUntil, instant);
        }
        if (size() <= limit) {
            return false;
        }
        forget(nowSeconds);
        if (size() <= limit) {
            return false;
        }
        // An entry may be dated later than our clock says.
        long latest = nowSeconds;
        for (Revocation entry : entries()) {
            latest = Math.max(latest, entry.instant());
        }
        sessions.clear();
        grants.clear();
        identities.clear();
        certificates.clear();
        everythingUntil = latest;
        return true;
    }

    private static <R extends Revocation> R later(R one, R other) {
        return one.instant() >= other.instant() ? one : other;
    }

    /// Whether a session must not go on.
    public boolean covers(Revocable session) {
        if (sessions.containsKey(session.sessionId())
                || new Revocation.OfEverything(everythingUntil).covers(session)) {
            return true;
        }
        return covers(grants.get(session.sessionId()), session)
                || covers(identities.get(session.authenticatedIdentity()), session)
                || covers(identities.get(session.initiator()), session)
                || covers(certificates.get(session.peerCertificate()), session);
    }

    private static boolean covers(@Nullable Revocation revocation, Revocable session) {
        return revocation != null && revocation.covers(session);
    }

    /// Drops what no ticket can come from any more.
    public void forget(long nowSeconds) {
        long oldest = nowSeconds - keptForSeconds - Revocation.CLOCK_TOLERANCE_SECONDS;
        sessions.values().removeIf(one -> one.instant() < oldest);
        grants.values().removeIf(one -> one.instant() < oldest);
        identities.values().removeIf(one -> one.instant() < oldest);
        certificates.values().removeIf(one -> one.instant() < oldest);
        if (everythingUntil < oldest) {
            everythingUntil = Long.MIN_VALUE;
        }
    }

    /// What stands now, in no particular order.
    public List<Revocation> entries() {
        List<Revocation> entries = new ArrayList<>(size() + 1);
        entries.addAll(sessions.values());
        entries.addAll(grants.values());
        entries.addAll(identities.values());
        entries.addAll(certificates.values());
        if (everythingUntil != Long.MIN_VALUE) {
            entries.add(new Revocation.OfEverything(everythingUntil));
        }
        return entries;
    }

    /// Entries that are kept one by one.
    public int size() {
        return sessions.size() + grants.size() + identities.size() + certificates.size();
    }
}
