package dev.postern.ticket.store;

import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/// A store that lasts as long as its process. For one thread: a simulation, a test, or a gateway
/// that wants references and no durability. Bounded; what has expired makes room, nothing else
/// does.
public final class MemorySessionStore implements SessionStore {
    private record Expiry(long at, SessionReference reference) {}

    private static final Comparator<Expiry> SOONEST_FIRST =
            Comparator.comparingLong(Expiry::at)
                    .thenComparingLong(expiry -> expiry.reference().octets().toLong(0))
                    .thenComparingLong(expiry -> expiry.reference().octets().toLong(8));

    private final int maximum;
    private final Map<SessionReference, StoredSession> records = new HashMap<>();
    private final TreeSet<Expiry> expiries = new TreeSet<>(SOONEST_FIRST);

    /// @param maximum records that are kept at most
    public MemorySessionStore(int maximum) {
        this.maximum = maximum;
    }

    @Override
    public boolean put(SessionReference reference, StoredSession session, long nowSeconds) {
        purge(nowSeconds);
        StoredSession earlier = records.get(reference);
        if (earlier == null && records.size() >= maximum) {
            return false;
        }
        remove(reference);
        StoredSession kept = session.inPlaceOf(earlier);
        records.put(reference, kept);
        expiries.add(new Expiry(kept.expiresAt(), reference));
        return true;
    }

    @Override
    public @Nullable StoredSession fetch(SessionReference reference, long nowSeconds) {
        StoredSession found = records.get(reference);
        return found == null || found.isExpiredAt(nowSeconds) ? null : found;
    }

    @Override
    public Raise raise(
            SessionReference reference, int gatewaySwitchCount, Octets claim, long nowSeconds) {
        StoredSession found = fetch(reference, nowSeconds);
        if (found == null) {
            return Raise.UNKNOWN;
        }
        StoredSession raised = found.raised(gatewaySwitchCount, claim);
        if (raised == null) {
            return Raise.TAKEN;
        }
        records.put(reference, raised);
        return Raise.RAISED;
    }

    @Override
    public void drop(SessionReference reference, int gatewaySwitchCount) {
        StoredSession found = records.get(reference);
        if (found != null && found.gatewaySwitchCount() <= gatewaySwitchCount) {
            remove(reference);
        }
    }

    private void remove(SessionReference reference) {
        StoredSession dropped = records.remove(reference);
        if (dropped != null) {
            expiries.remove(new Expiry(dropped.expiresAt(), reference));
        }
    }

    @Override
    public long size() {
        return records.size();
    }

    private void purge(long nowSeconds) {
        while (!expiries.isEmpty() && expiries.first().at() <= nowSeconds) {
            remove(expiries.first().reference());
        }
    }
}
