package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cluster.SiteEntries;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore.UnavailableException;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletionStage;

/// A rolling restart between versions: this member is the older one, and meets what a newer one has
/// written.
class LaterVersionTest {
    private static final long NOW = 1_800_000_000;
    private static final SessionReference REFERENCE = SessionReference.ofSpis(1, 2);
    private static final StoredSession SESSION =
            new StoredSession(Octets.ofHex("a1a2"), 3, Octets.ofHex("07"), NOW + 3_600);

    private static byte[] later() {
        byte[] octets = SESSION.encode();
        octets[0]++;
        return octets;
    }

    private static void demandUnavailable(CompletionStage<?> stage) {
        assertThatThrownBy(() -> stage.toCompletableFuture().join())
                .hasCauseInstanceOf(UnavailableException.class);
    }

    @Test
    void aRecordOfALaterVersionIsNeverOverwrittenRaisedOrDropped() {
        byte[] key = REFERENCE.octets().array();
        try (Pair pair = new Pair()) {
            pair.a.caches().open(Caches.SESSIONS).put(key, later());
            SharedSessions older = pair.b.sessions();
            demandUnavailable(older.put(REFERENCE, SESSION, NOW));
            demandUnavailable(older.fetch(REFERENCE, NOW));
            demandUnavailable(older.raise(REFERENCE, 9, Octets.ofHex("08"), NOW));
            older.drop(REFERENCE, 15).toCompletableFuture().join();
            assertThat(pair.a.caches().open(Caches.SESSIONS).get(key)).isEqualTo(later());
        }
    }

    @Test
    void ofTwoSidesOrSitesTheRecordOfTheLaterVersionStands() {
        assertThat(StoredSession.isOfLaterVersion(SESSION.encode())).isFalse();
        assertThat(StoredSession.isOfLaterVersion(later())).isTrue();
        assertThat(StoredSession.decode(later())).isNull();
        assertThat(SiteEntries.compareSessions(later(), SESSION.encode())).isPositive();
        assertThat(SiteEntries.compareSessions(SESSION.encode(), later())).isNegative();
        assertThat(SiteEntries.compareSessions(later(), later())).isZero();
    }
}
