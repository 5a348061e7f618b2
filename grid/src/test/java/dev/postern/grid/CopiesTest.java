package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore.Raise;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A session has one owner and as many backups as the setting `copies` says.
class CopiesTest {
    private static final long NOW = 1_800_000_000L;
    private static final int SESSIONS = 60;
    private static final StoredSession SESSION =
            new StoredSession(Octets.ofHex("a1a2"), 0, Octets.EMPTY, NOW + 3_600);

    private final TestAuthority authority = new TestAuthority("cluster authority");
    private final Map<String, InetSocketAddress> addresses =
            Map.of(
                    "gw-a", MembersTest.freePort(),
                    "gw-b", MembersTest.freePort(),
                    "gw-c", MembersTest.freePort());
    private final List<Grid> started = new ArrayList<>();

    private Grid start(String node, int copies) throws IOException {
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
                                copies,
                                null,
                                null),
                        _ -> {});
        started.add(grid);
        return grid;
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

    private static SessionReference reference(int number) {
        return SessionReference.ofSpis(1, number);
    }

    @Test
    void aSessionHasTwoCopiesAndOutlivesMembersThatEndOneAfterTheOther() throws Exception {
        Grid a = start("gw-a", 2);
        await().atMost(Pair.PATIENCE).until(a::isPrimary);
        Grid b = start("gw-b", 2);
        awaitCopies(a, b);
        Grid c = start("gw-c", 2);
        awaitCopies(a, b, c);
        for (int i = 0; i < SESSIONS; i++) {
            c.sessions().put(reference(i), SESSION, NOW).toCompletableFuture().join();
        }
        assertThat(IntStream.of(here(a), here(b), here(c)).sum()).isEqualTo(2 * SESSIONS);

        stop(b);
        awaitCopies(a, c);
        assertThat(here(a)).isEqualTo(SESSIONS);
        assertThat(here(c)).isEqualTo(SESSIONS);
        stop(c);
        awaitCopies(a);
        for (int i = 0; i < SESSIONS; i++) {
            assertThat(
                            a.sessions()
                                    .raise(reference(i), 1, Octets.ofInt(i), NOW)
                                    .toCompletableFuture()
                                    .join())
                    .isEqualTo(Raise.RAISED);
        }
    }

    private static int here(Grid grid) {
        return grid.holdings().sessions();
    }

    /// Where it was let in, the engine would stop at the members that run.
    @Test
    void aMemberThatWantsAnotherNumberOfCopiesIsRefused() throws Exception {
        Grid a = start("gw-a", 0);
        await().atMost(Pair.PATIENCE).until(a::isPrimary);
        Grid b = start("gw-b", 0);
        awaitCopies(a, b);
        assertThatThrownBy(() -> start("gw-c", 2))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("copies is 2 at gw-c, and 0 at the members that run")
                .hasMessageContaining("wanted is the same at each");
        awaitCopies(a, b);
        a.sessions().put(reference(1), SESSION, NOW).toCompletableFuture().join();
        assertThat(here(b)).isOne();
    }
}
