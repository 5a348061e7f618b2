package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.infinispan.conflict.ConflictManagerFactory;
import org.jgroups.protocols.DISCARD;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// Two sides become one, and a member ends before what both have is united.
class StuckMergesTest {
    private static final long NOW = 1_800_000_000L;
    private static final int SESSIONS = 20;
    private static final StoredSession SESSION =
            new StoredSession(Octets.ofHex("a1a2"), 0, Octets.EMPTY, NOW + 3_600);

    private final TestAuthority authority = new TestAuthority("cluster authority");
    private final Map<String, InetSocketAddress> addresses =
            Map.of(
                    "gw-a", MembersTest.freePort(),
                    "gw-b", MembersTest.freePort(),
                    "gw-c", MembersTest.freePort());
    private final List<Grid> started = new CopyOnWriteArrayList<>();

    private Grid start(String node) throws IOException {
        List<GridSettings.Peer> peers =
                addresses.entrySet().stream()
                        .filter(each -> !each.getKey().equals(node))
                        .map(each -> new GridSettings.Peer(each.getKey(), each.getValue()))
                        .toList();
        Grid grid =
                Grid.start(
                        new GridSettings(
                                "domain.example",
                                node,
                                "east",
                                node.charAt(3) - 'a',
                                requireNonNull(addresses.get(node)),
                                peers,
                                authority.member(node, addresses.keySet()),
                                Duration.ofSeconds(4),
                                0,
                                null,
                                null),
                        _ -> {});
        started.add(grid);
        return grid;
    }

    /// A member whose copies do not come hangs in its start.
    private Grid startInTime(String node) {
        CompletableFuture<Grid> starting = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    try {
                        starting.complete(start(node));
                    } catch (IOException | RuntimeException e) {
                        starting.completeExceptionally(e);
                    }
                });
        await("the start of " + node).atMost(Pair.PATIENCE).until(starting::isDone);
        return starting.join();
    }

    @AfterEach
    void end() {
        started.reversed().forEach(Grid::close);
    }

    private void stop(Grid grid) {
        started.remove(grid);
        grid.close();
    }

    private static void awaitCopies(Grid... members) {
        for (Grid grid : members) {
            await().atMost(Pair.PATIENCE)
                    .until(() ->
                            grid.isPrimary()
                                    && grid.view().members().size() == members.length
                                    && grid.isCopied());
        }
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
        Grid a = start("gw-a");
        await().atMost(Pair.PATIENCE).until(a::isPrimary);
        Grid b = start("gw-b");
        Grid c = start("gw-c");
        awaitCopies(a, b, c);
        DISCARD cut = Channels.cut(b);
        awaitView(a, 2);
        awaitView(c, 2);
        awaitView(b, 1);
        awaitCopies(a, c);
        for (int i = 0; i < SESSIONS; i++) {
            put(a, i);
        }

        cut.discardAll(false);
        awaitView(a, 3);
        awaitComparison(a);
        stop(c);
        Grid again = startInTime("gw-c");
        awaitCopies(a, b, again);
        assertThat(b.holdings().sessions()).isEqualTo(SESSIONS);
        assertThat(again.holdings().sessions()).isEqualTo(SESSIONS);
    }

    @Test
    void whoeverIsLeftAloneInAMergeLetsTheNextOneIn() throws Exception {
        Grid a = start("gw-a");
        await().atMost(Pair.PATIENCE).until(a::isPrimary);
        Grid b = start("gw-b");
        awaitCopies(a, b);
        for (int i = 0; i < SESSIONS; i++) {
            put(a, i);
        }
        DISCARD cut = Channels.cut(b);
        awaitView(a, 1);
        awaitView(b, 1);
        awaitCopies(a);

        cut.discardAll(false);
        awaitView(a, 2);
        awaitComparison(a);
        stop(b);
        Grid again = startInTime("gw-b");
        awaitCopies(a, again);
        assertThat(again.holdings().sessions()).isEqualTo(SESSIONS);
    }
}
