package dev.postern.sim;

import dev.postern.ticket.store.MemorySessionStore;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// The session store of a site, at its interface. It answers as one, whichever gateway of the site
/// asks. Its records are in the memory of members: with the last one that holds a record the record
/// is gone. What the real one never does, this one may: nobody has to trust it with whose record is
/// whose.
final class StoreModel implements SessionStore {
    private static final int SIZE = 200;

    /// The highest switch count, up to which a record can be dropped.
    private static final int ANY_COUNT = 15;

    /// Before any record ends, seconds since 1970.
    private static final long BEFORE_ALL = 0;

    private final Conditions conditions;
    private final Set<SessionReference> written = new LinkedHashSet<>();
    private SessionStore records = new MemorySessionStore(SIZE);

    StoreModel(Conditions conditions) {
        this.conditions = conditions;
    }

    @Override
    public boolean put(SessionReference reference, StoredSession session, long nowSeconds) {
        written.add(reference);
        return records.put(reference, session, nowSeconds);
    }

    @Override
    public @Nullable StoredSession fetch(SessionReference reference, long nowSeconds) {
        return records.fetch(
                conditions.storeMixesUp() ? another(reference) : reference, nowSeconds);
    }

    /// The oldest but this one, where there is any.
    private SessionReference another(SessionReference wanted) {
        return written.stream()
                .filter(each -> !each.equals(wanted) && holds(each))
                .findFirst()
                .orElse(wanted);
    }

    private boolean holds(SessionReference reference) {
        return records.fetch(reference, BEFORE_ALL) != null;
    }

    @Override
    public Raise raise(
            SessionReference reference, int gatewaySwitchCount, Octets claim, long nowSeconds) {
        return records.raise(reference, gatewaySwitchCount, claim, nowSeconds);
    }

    @Override
    public void drop(SessionReference reference, int gatewaySwitchCount) {
        records.drop(reference, gatewaySwitchCount);
    }

    @Override
    public long size() {
        return records.size();
    }

    /// Every record is gone, with the last member of a site.
    void clear() {
        records = new MemorySessionStore(SIZE);
    }

    /// The octets of a record; none where there is none.
    byte[] read(SessionReference reference) {
        StoredSession found = records.fetch(reference, BEFORE_ALL);
        return found == null ? new byte[0] : found.encode();
    }

    /// Another site has sent these: as they are, but for a switch count that is higher here.
    void write(SessionReference reference, byte[] octets) {
        StoredSession before = records.fetch(reference, BEFORE_ALL);
        records.drop(reference, ANY_COUNT);
        StoredSession sent = octets.length == 0 ? null : StoredSession.decode(octets);
        if (sent != null) {
            written.add(reference);
            StoredSession raised =
                    before == null
                            ? null
                            : sent.raised(before.gatewaySwitchCount(), before.claim());
            records.put(reference, raised == null ? sent : raised, BEFORE_ALL);
        }
    }

    /// So many of a thousand records are gone.
    void lose(Dice dice, int permille) {
        for (SessionReference reference : written) {
            if (dice.permille(permille)) {
                records.drop(reference, ANY_COUNT);
            }
        }
    }

    /// What it holds now.
    Map<SessionReference, StoredSession> copy() {
        Map<SessionReference, StoredSession> copy = new LinkedHashMap<>();
        for (SessionReference reference : written) {
            StoredSession session = records.fetch(reference, BEFORE_ALL);
            if (session != null) {
                copy.put(reference, session);
            }
        }
        return copy;
    }

    /// It holds this and nothing else.
    void goBackTo(Map<SessionReference, StoredSession> earlier) {
        records = new MemorySessionStore(SIZE);
        earlier.forEach((reference, session) -> records.put(reference, session, BEFORE_ALL));
    }
}
