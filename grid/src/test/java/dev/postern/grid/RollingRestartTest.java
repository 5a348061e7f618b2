package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.cluster.Fields;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.Takeover;
import dev.postern.cluster.Takeover.Decision;
import dev.postern.cluster.View;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore.Raise;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.topology.LocalTopologyManager;
import org.junit.jupiter.api.Test;

import java.util.concurrent.CompletableFuture;

/// Members are upgraded one by one: each is stopped and started again while the other one serves,
/// and what the newer one writes meanwhile goes through the hands of the older one.
class RollingRestartTest {
    private static final long NOW = 1_800_000_000L;
    private static final SessionReference OLDER = SessionReference.ofSpis(1, 1);
    private static final SessionReference NEWER = SessionReference.ofSpis(1, 2);
    private static final StoredSession SESSION =
            new StoredSession(Octets.ofHex("a1a2"), 0, Octets.EMPTY, NOW + 3_600);

    /// A field that this version does not know, and what the next one has written into it.
    private static final int ADDED = 0x7000;

    private static final Octets WHAT = Octets.ofHex("0102030405");
    private static final byte[] NOTED = Knowledge.octets("noted");

    private static byte[] ofTheNextVersion() {
        byte[] octets = SESSION.encode();
        octets[0]++;
        return octets;
    }

    private static byte[] note() {
        if (Takeover.judge(null, "gw-b", 0, View.NONE) instanceof Decision.Write(Fields note, _)) {
            return note.with(ADDED, WHAT).encode();
        }
        throw new AssertionError("nobody else owns it");
    }

    private static Fields noted(Grid grid) {
        byte[] octets = grid.caches().open(Caches.OWNERSHIP).get(NOTED);
        Fields note = octets == null ? null : Fields.decode(octets);
        return note == null ? Fields.empty() : note;
    }

    private static Outcome acquired(Grid grid) {
        return await().atMost(Pair.PATIENCE)
                .until(
                        () -> {
                            CompletableFuture<Outcome> outcome = new CompletableFuture<>();
                            grid.ownership().acquire("noted", outcome::complete);
                            return outcome.join();
                        },
                        outcome -> !(outcome instanceof Outcome.Unavailable));
    }

    private static Raise raised(Grid grid, int count) {
        return grid.sessions()
                .raise(OLDER, count, Octets.ofInt(count), NOW)
                .toCompletableFuture()
                .join();
    }

    /// The engine is told to wait with the copies that it owes a member that has come.
    @Test
    void itIsToldWhetherTheNextMemberMayBeStopped() throws Exception {
        try (Pair pair = new Pair()) {
            pair.a.sessions().put(OLDER, SESSION, NOW).toCompletableFuture().join();
            pair.stopB();
            await().atMost(Pair.PATIENCE).until(pair.a::isCopied);
            LocalTopologyManager copying =
                    GlobalComponentRegistry.componentOf(
                            pair.a.manager(), LocalTopologyManager.class);
            copying.setRebalancingEnabled(false);
            pair.startB();
            await().atMost(Pair.PATIENCE)
                    .until(() ->
                            pair.a.view().members().size() == 2
                                    && pair.b.view().members().size() == 2
                                    && !pair.a.isUniting()
                                    && !pair.b.isUniting());
            assertThat(pair.a.isCopied() || pair.b.isCopied()).isFalse();
            assertThat(pair.b.holdings().sessions()).isZero();
            copying.setRebalancingEnabled(true);
            pair.awaitReady();
            assertThat(pair.b.holdings().sessions()).isOne();
        }
    }

    @Test
    void whatEitherVersionHasWrittenOutlivesTheRestartOfEachMember() {
        byte[] newer = NEWER.octets().array();
        try (Pair pair = new Pair()) {
            pair.a.sessions().put(OLDER, SESSION, NOW).toCompletableFuture().join();

            pair.restartB();
            assertThat(raised(pair.b, 1)).isEqualTo(Raise.RAISED);
            pair.b.caches().open(Caches.SESSIONS).put(newer, ofTheNextVersion());
            pair.b.caches().open(Caches.OWNERSHIP).put(NOTED, note());
            pair.b.ownership().release("noted");
            await().atMost(Pair.PATIENCE)
                    .until(() -> Takeover.held(noted(pair.a)).node().isEmpty());
            assertThat(acquired(pair.a)).as("the older one").isEqualTo(new Outcome.Owned(2));
            assertThat(noted(pair.b).octets(ADDED)).isEqualTo(WHAT);

            pair.restartA();
            assertThat(raised(pair.a, 1)).as("asked again").isEqualTo(Raise.RAISED);
            assertThat(raised(pair.a, 2)).isEqualTo(Raise.RAISED);
            assertThat(pair.a.caches().open(Caches.SESSIONS).get(newer))
                    .isEqualTo(ofTheNextVersion());
            assertThat(noted(pair.a).octets(ADDED)).isEqualTo(WHAT);
            assertThat(acquired(pair.a)).isEqualTo(new Outcome.Owned(3));
        }
    }
}
