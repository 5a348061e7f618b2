package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore.Raise;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Two sites of one domain, over real sockets.
class SitesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long NOW = 1_800_000_000;
    private static final Octets CLAIM = Octets.of(new byte[] {7});

    private final TwoSites sites = new TwoSites(Duration.ZERO);

    @AfterEach
    void end() {
        sites.close();
    }

    private static StoredSession session(int count) {
        return new StoredSession(
                Octets.of(new byte[] {1, 2, 3}),
                count,
                count == 0 ? Octets.EMPTY : CLAIM,
                NOW + 3_600);
    }

    private static SessionReference reference(int number) {
        return SessionReference.ofSpis(number, 4711);
    }

    private static void put(Grid grid, int number, StoredSession session) {
        grid.sessions().put(reference(number), session, NOW).toCompletableFuture().join();
    }

    private static @Nullable StoredSession fetch(Grid grid, int number) {
        return grid.sessions().fetch(reference(number), NOW).toCompletableFuture().join();
    }

    @Test
    void aSiteThatIsLostIsSurvivedAndToldEverythingWhenItBeginsAnew() {
        Grid east = sites.start("e1");
        Grid west = sites.start("w1");
        await().atMost(PATIENCE)
                .until(() -> TwoSites.seesTheOther(east) && TwoSites.seesTheOther(west));

        put(east, 1, session(0));
        await().atMost(PATIENCE).until(() -> session(0).equals(fetch(west, 1)));
        assertThat(west.sessions().raise(reference(1), 1, CLAIM, NOW).toCompletableFuture().join())
                .isEqualTo(Raise.RAISED);
        await().atMost(PATIENCE).until(() -> session(1).equals(fetch(east, 1)));
        // A record that is newer by the engine's clock of changes and older by the session's.
        byte[] key = reference(1).octets().array();
        west.caches().open(Caches.SESSIONS).put(key, session(0).encode(), 3_600, TimeUnit.SECONDS);
        await().atMost(PATIENCE)
                .until(() ->
                        session(1).equals(fetch(west, 1)) && session(1).equals(fetch(east, 1)));
        assertThat(west.caches().open(Caches.SESSIONS).getCacheEntry(key).getLifespan())
                .as("it is forgotten in time")
                .isEqualTo(3_600_000);
        east.domain().put("revocation/one", new byte[] {1});
        await().atMost(PATIENCE).until(() -> west.domain().get("revocation/one") != null);

        sites.stop(east);
        await().atMost(PATIENCE).until(() -> !west.sites().states().get(1).seen());
        put(west, 2, session(0));
        assertThat(west.sessions().raise(reference(1), 2, CLAIM, NOW).toCompletableFuture().join())
                .isEqualTo(Raise.RAISED);

        Grid again = sites.start("e1");
        // What its file of another day offers: never lower than what is known by then.
        await().atMost(PATIENCE).until(again::isPrimary);
        put(again, 1, session(1));
        put(again, 3, session(0));
        await().atMost(PATIENCE).until(() -> TwoSites.seesTheOther(again));
        await().atMost(PATIENCE).until(() -> session(0).equals(fetch(again, 2)));
        await().atMost(PATIENCE).until(() -> session(2).equals(fetch(again, 1)));
        await().atMost(PATIENCE).until(() -> session(0).equals(fetch(west, 3)));
        assertThat(fetch(west, 1)).isEqualTo(session(2));
        assertThat(again.domain().get("revocation/one")).isNotNull();
    }

    /// Of a site of two members either may come to speak for it.
    @Test
    void aSiteSpeaksThroughAnotherMemberWhenItsMasterIsGone() {
        Grid east = sites.start("e1");
        Grid second = sites.start("e2");
        Grid west = sites.start("w1");
        await().atMost(PATIENCE)
                .until(() -> TwoSites.seesTheOther(second) && TwoSites.seesTheOther(west));
        assertThat(west.sites().fence("east")).as("a site that is in sight").isFalse();

        sites.stop(east);
        await().atMost(PATIENCE).until(second::isPrimary);
        put(second, 5, session(0));
        await().atMost(PATIENCE).until(() -> session(0).equals(fetch(west, 5)));

        sites.stop(second);
        await().atMost(PATIENCE).until(() -> !west.sites().states().get(1).seen());
        assertThat(west.sites().fence("north")).as("no site").isFalse();
        assertThat(west.sites().fence("east")).isTrue();
        assertThat(west.sites().isFenced("east")).isTrue();
        assertThat(west.sites().fence("east")).as("once is enough").isFalse();

        Grid again = sites.start("e2");
        await().atMost(PATIENCE).until(() -> TwoSites.seesTheOther(again));
        await().atMost(PATIENCE).until(() -> !west.sites().isFenced("east"));
    }

    @Test
    void theBridgeAdmitsByCertificate() throws IOException {
        Grid east = sites.start("e1");
        await().atMost(PATIENCE)
                .until(() -> Listening.here().contains(Listening.name(sites.bridgeOf("e1"))));
        sites.start("w1", new TestAuthority("another authority"), "w1");
        await().atMost(PATIENCE)
                .until(() -> Listening.here().contains(Listening.name(sites.bridgeOf("w1"))));
        // What would have been seen by now, had it been let in, is not.
        await().during(Duration.ofSeconds(3))
                .atMost(PATIENCE)
                .until(() -> !east.sites().states().get(1).seen());
    }
}
