package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.infinispan.conflict.ConflictManagerFactory;
import org.jgroups.protocols.DISCARD;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Two sides become one, and a member ends before what both have is united.
class StuckMergesTest {
    private static final long NOW = 1_800_000_000L;
    private static final int SESSIONS = 20;
    private static final StoredSession SESSION =
            new StoredSession(Octets.ofHex("a1a2"), 0, Octets.EMPTY, NOW + 3_600);

    @AutoClose private final Trio trio = new Trio();

    /// A member whose copies do not come hangs in its start.
    private Grid startInTime(String node) {
        CompletableFuture<Grid> starting = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        starting.complete(trio.start(node, 0));
                    } catch (IOException | RuntimeException e) {
                        starting.completeExceptionally(e);
                    }
                });
        await("the start of " + node).atMost(Pair.PATIENCE).until(starting::isDone);
        return starting.join();
    }

    private static void awaitView(Grid grid, int members) {
        await().atMost(Pair.PATIENCE).until(() -> grid.view().members().size() == members);
    }

    /// The engine compares what the sides have, or has compared it already.
    private static void awaitComparison(Grid grid) {
        await().atMost(Pair.PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() ->
                        ConflictManagerFactory.get(grid.caches().open(Caches.SESSIONS))
                                        .isConflictResolutionInProgress()
                                || grid.isPrimary() && grid.isCopied());
    }

    private static SessionReference reference(int number) {
        return SessionReference.ofSpis(1, number);
    }

    private static void put(Grid grid, int number) {
        grid.sessions().put(reference(number), SESSION, NOW).toCompletableFuture().join();
    }

    @Test
    void whoStartsAfterAMemberHasEndedInAMergeHasWhatTheOthersHave() throws Exception {
        Grid a = trio.startFirst(0);
        Grid b = trio.start("gw-b", 0);
        Grid c = trio.start("gw-c", 0);
        Trio.awaitCopies(a, b, c);
        DISCARD cut = Channels.cut(b);
        awaitView(a, 2);
        awaitView(c, 2);
        awaitView(b, 1);
        Trio.awaitCopies(a, c);
        for (int i = 0; i < SESSIONS; i++) {
            put(a, i);
        }

        cut.discardAll(false);
        awaitView(a, 3);
        awaitComparison(a);
        trio.stop(c);
        Grid again = startInTime("gw-c");
        Trio.awaitCopies(a, b, again);
        assertThat(b.holdings().sessions()).isEqualTo(SESSIONS);
        assertThat(again.holdings().sessions()).isEqualTo(SESSIONS);
    }

    @Test
    void whoeverIsLeftAloneInAMergeLetsTheNextOneIn() throws Exception {
        Grid a = trio.startFirst(0);
        Grid b = trio.start("gw-b", 0);
        Trio.awaitCopies(a, b);
        for (int i = 0; i < SESSIONS; i++) {
            put(a, i);
        }
        DISCARD cut = Channels.cut(b);
        awaitView(a, 1);
        awaitView(b, 1);
        Trio.awaitCopies(a);

        cut.discardAll(false);
        awaitView(a, 2);
        awaitComparison(a);
        trio.stop(b);
        Grid again = startInTime("gw-b");
        Trio.awaitCopies(a, again);
        assertThat(again.holdings().sessions()).isEqualTo(SESSIONS);
    }
}
