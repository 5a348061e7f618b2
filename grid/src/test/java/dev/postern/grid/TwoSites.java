package dev.postern.grid;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Members of two sites, `east` and `west`, of two members each, in one process; started one by
/// one.
final class TwoSites implements AutoCloseable {
    static final List<String> EAST = List.of("e1", "e2");
    static final List<String> WEST = List.of("w1", "w2");

    private final TestAuthority authority = new TestAuthority("domain authority");
    private final Map<String, InetSocketAddress> addresses = new HashMap<>();
    private final Map<String, InetSocketAddress> bridges = new HashMap<>();
    private final List<Grid> running = new ArrayList<>();
    private final Duration lostAfter;

    TwoSites(Duration lostAfter) {
        this.lostAfter = lostAfter;
        for (List<String> site : List.of(EAST, WEST)) {
            for (String node : site) {
                addresses.put(node, MembersTest.freePort());
                bridges.put(node, MembersTest.freePort());
            }
        }
    }

    Grid start(String node) {
        return start(node, authority, node);
    }

    /// @param certified the name in its certificate for the bridge
    Grid start(String node, TestAuthority bridgeAuthority, String certified) {
        List<String> site = EAST.contains(node) ? EAST : WEST;
        List<String> all = new ArrayList<>(EAST);
        all.addAll(WEST);
        List<GridSettings.Peer> peers =
                site.stream()
                        .filter(other -> !other.equals(node))
                        .map(other -> new GridSettings.Peer(other, addressOf(other)))
                        .toList();
        try {
            Grid grid =
                    Grid.start(
                            new GridSettings(
                                    "domain.example",
                                    node,
                                    site.equals(EAST) ? "east" : "west",
                                    all.indexOf(node) + 1,
                                    addressOf(node),
                                    peers,
                                    authority.member(node, Set.copyOf(site)),
                                    Duration.ofSeconds(4),
                                    0,
                                    null,
                                    new GridSettings.Bridge(
                                            bridgeOf(node),
                                            all.stream()
                                                    .filter(other -> !other.equals(node))
                                                    .map(this::bridgeOf)
                                                    .toList(),
                                            Set.of(site.equals(EAST) ? "west" : "east"),
                                            bridgeAuthority.member(
                                                    certified, Set.copyOf(all), authority),
                                            lostAfter)),
                            _ -> {});
            running.add(grid);
            return grid;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void stop(Grid grid) {
        running.remove(grid);
        grid.close();
    }

    private InetSocketAddress addressOf(String node) {
        return Objects.requireNonNull(addresses.get(node));
    }

    InetSocketAddress bridgeOf(String node) {
        return Objects.requireNonNull(bridges.get(node));
    }

    static boolean seesTheOther(Grid grid) {
        return grid.sites().states().stream().allMatch(SiteState::seen)
                && grid.sites().isCaughtUp();
    }

    @Override
    public void close() {
        running.reversed().forEach(Grid::close);
    }
}
