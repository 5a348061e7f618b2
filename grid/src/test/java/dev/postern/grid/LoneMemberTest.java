package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.cluster.Ownership.Outcome;
import dev.postern.grid.NodeState.Presence;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// A member that starts while the other one's machine takes connections and says nothing.
class LoneMemberTest {
    private static final Set<String> NODES = Set.of("gw-a", "gw-b");

    private static Outcome asked(Grid grid, String thing) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        grid.ownership().acquire(thing, outcome::complete);
        return outcome.join();
    }

    /// Its engine knows of nobody else and would let it write; who goes on is not for the engine to
    /// say.
    @Test
    void whoCannotTellWhetherTheOtherLivesWritesNothingUntilItIsFenced() throws IOException {
        TestAuthority authority = new TestAuthority("cluster authority");
        InetSocketAddress own = MembersTest.freePort();
        InetSocketAddress other = MembersTest.freePort();
        try (ServerSocket silent = new ServerSocket(other.getPort(), 50, other.getAddress());
                Grid alone =
                        Grid.start(
                                new GridSettings(
                                        "domain.example",
                                        "gw-b",
                                        "east",
                                        2,
                                        own,
                                        List.of(new GridSettings.Peer("gw-a", other)),
                                        authority.member("gw-b", NODES),
                                        Duration.ofSeconds(4),
                                        0,
                                        null,
                                        null),
                                _ -> {})) {
            assertThat(silent.isBound()).isTrue();
            assertThat(alone.isPrimary()).isFalse();
            assertThat(asked(alone, "address 192.0.2.1")).isEqualTo(new Outcome.Unavailable());
            assertThat(alone.ownership().heldHere("address 192.0.2.1")).isNull();
            assertThat(alone.nodes().getLast().presence()).isEqualTo(Presence.LOST);

            assertThat(alone.fence("gw-a")).isTrue();
            await().atMost(Pair.PATIENCE).until(alone::isPrimary);
            assertThat(asked(alone, "address 192.0.2.1")).isEqualTo(new Outcome.Owned(1));
        }
    }
}
