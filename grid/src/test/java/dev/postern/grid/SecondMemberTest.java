package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import org.jgroups.protocols.DISCARD;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// docs/cluster.md, "Ports and certificates": a member's name, number and address are its own; over
/// real sockets.
class SecondMemberTest {
    private static final String X = "127.0.0.1:";

    private final TestAuthority authority = new TestAuthority("cluster authority");
    private final InetSocketAddress first = MembersTest.freePort();
    private final InetSocketAddress second = MembersTest.freePort();
    private final InetSocketAddress third = MembersTest.freePort();
    private final List<Grid> started = new ArrayList<>();

    /// @param list the member itself among them
    private Grid start(String node, int number, Map<String, InetSocketAddress> list)
            throws IOException {
        Map<String, InetSocketAddress> others = new LinkedHashMap<>(list);
        InetSocketAddress own = requireNonNull(others.remove(node));
        Grid grid =
                Grid.start(
                        new GridSettings(
                                "domain.example",
                                node,
                                "east",
                                number,
                                own,
                                others.entrySet().stream()
                                        .map(each ->
                                                new GridSettings.Peer(
                                                        each.getKey(), each.getValue()))
                                        .toList(),
                                authority.member(node, list.keySet()),
                                Duration.ofSeconds(4),
                                0,
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

    private static void awaitPrimary(Grid grid, int members) {
        await().atMost(Pair.PATIENCE)
                .until(() -> grid.isPrimary() && grid.view().members().size() == members);
    }

    /// What it is told, once it is.
    private static String refusal(Grid grid) {
        CompletableFuture<String> refused = grid.refused().toCompletableFuture();
        await().atMost(Pair.PATIENCE).until(refused::isDone);
        return refused.join();
    }

    private static boolean isRefused(Grid grid) {
        return grid.refused().toCompletableFuture().isDone();
    }

    private void close(Grid grid) {
        started.remove(grid);
        grid.close();
    }

    private Map<String, InetSocketAddress> listWithFirstAt(
            InetSocketAddress ofA, InetSocketAddress ofB) {
        return Map.of("gw-a", ofA, "gw-b", ofB);
    }

    @Test
    void ofTwoOfOneNameThatStartedApartTheLaterOneIsRefusedOnceTheyMeet() throws IOException {
        Grid a = start("gw-a", 1, listWithFirstAt(first, second));
        awaitPrimary(a, 1);
        DISCARD cut = Channels.cut(a);
        Grid another = start("gw-a", 1, listWithFirstAt(second, first));
        assertThat(another.view().members()).hasSize(1);

        cut.discardAll(false);
        assertThat(refusal(another))
                .contains("member gw-a already, at " + X + first.getPort())
                .contains("this one at " + X + second.getPort())
                .contains("came later");
        assertThat(another.isPrimary()).isFalse();
        close(another);
        awaitPrimary(a, 1);
        Grid b = start("gw-b", 2, listWithFirstAt(first, second));
        for (Grid each : List.of(a, b)) {
            awaitPrimary(each, 2);
            await().atMost(Pair.PATIENCE).until(each::isCopied);
            assertThat(isRefused(each)).isFalse();
        }
    }

    @Test
    void ofTwoOfOneNumberThatStartedApartTheOneOfTheSmallerSideIsRefusedOnceTheyMeet()
            throws IOException {
        Map<String, InetSocketAddress> list = Map.of("gw-a", first, "gw-b", second, "gw-c", third);
        Grid a = start("gw-a", 1, list);
        Grid b = start("gw-b", 2, list);
        awaitPrimary(a, 2);
        awaitPrimary(b, 2);
        close(a);
        awaitPrimary(b, 1);
        DISCARD cut = Channels.cut(b);
        Grid c = start("gw-c", 2, list);
        Grid again = start("gw-a", 1, list);
        await().atMost(Pair.PATIENCE).until(() -> c.view().members().size() == 2);

        cut.discardAll(false);
        assertThat(refusal(b))
                .contains("member of number 2 already, gw-c at " + X + third.getPort())
                .contains("this one, gw-b at " + X + second.getPort());
        close(b);
        awaitPrimary(again, 2);
        awaitPrimary(c, 2);
        assertThat(isRefused(again)).isFalse();
        assertThat(isRefused(c)).isFalse();
    }

    @Test
    void whoIsElsewhereThanTheMembersThatRunHaveItIsRefusedAtItsStart() throws IOException {
        Grid b = start("gw-b", 2, listWithFirstAt(first, second));
        awaitPrimary(b, 1);
        await().atMost(Pair.PATIENCE).until(() -> b.knowledge().get("members/gw-b") != null);
        assertThatThrownBy(() -> start("gw-a", 1, listWithFirstAt(third, second)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("gw-a runs at " + X + third.getPort())
                .hasMessageContaining("the file of gw-b has " + X + first.getPort() + " for it")
                .hasMessageContaining("wanted is the same list at all members");
        awaitPrimary(b, 1);
        start("gw-a", 1, listWithFirstAt(first, second));
        awaitPrimary(b, 2);
        assertThat(isRefused(b)).isFalse();
    }
}
