package dev.postern.grid;

import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Up to three members in one process: gw-a, gw-b and gw-c.
final class Trio implements AutoCloseable {
    private final TestAuthority authority = new TestAuthority("cluster authority");
    private final Map<String, InetSocketAddress> addresses =
            Map.of(
                    "gw-a", MembersTest.freePort(),
                    "gw-b", MembersTest.freePort(),
                    "gw-c", MembersTest.freePort());
    private final List<Grid> started = new CopyOnWriteArrayList<>();

    /// @param copies how many members hold what there is; 0 for all
    Grid start(String node, int copies) throws IOException {
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

    /// A first one, which goes on once it knows that the others are not there.
    Grid startFirst(int copies) throws IOException {
        Grid first = start("gw-a", copies);
        await().atMost(Pair.PATIENCE).until(first::isPrimary);
        return first;
    }

    void stop(Grid grid) {
        started.remove(grid);
        grid.close();
    }

    /// Until these see each other and nobody else, and every copy is where it belongs.
    static void awaitCopies(Grid... members) {
        for (Grid grid : members) {
            await().atMost(Pair.PATIENCE)
                    .until(() ->
                            grid.isPrimary()
                                    && grid.view().members().size() == members.length
                                    && grid.isCopied());
        }
    }

    @Override
    public void close() {
        started.reversed().forEach(Grid::close);
    }
}
