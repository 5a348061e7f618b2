package dev.postern.grid;

import static org.awaitility.Awaitility.await;

import dev.postern.cluster.ClusterEvent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Two members in one process.
final class Pair implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestAuthority authority = new TestAuthority("cluster authority");
    private final InetSocketAddress addressOfA = MembersTest.freePort();
    private final InetSocketAddress addressOfB = MembersTest.freePort();
    private final int owners;
    private final Consumer<ClusterEvent> ofB;
    Grid a;
    Grid b;

    Pair() {
        this(0);
    }

    Pair(int owners) {
        this(owners, _ -> {});
    }

    /// @param ofB hears what gw-b hears of the membership, on its thread
    Pair(int owners, Consumer<ClusterEvent> ofB) {
        this.owners = owners;
        this.ofB = ofB;
        startA();
        await().atMost(PATIENCE).until(a::isPrimary);
        startB();
        awaitReady();
    }

    void awaitReady() {
        await().atMost(PATIENCE).until(() -> isReady(a) && isReady(b));
    }

    void stopA() {
        a.close();
    }

    void startA() {
        a = start("gw-a", 1);
    }

    void restartA() {
        stopA();
        startA();
        awaitReady();
    }

    void restartB() {
        stopB();
        startB();
        awaitReady();
    }

    void stopB() {
        b.close();
    }

    void startB() {
        b = start("gw-b", 2);
    }

    /// Two that have begun without each other, on a busy machine, change no hands for a while, and
    /// either has copies yet to get.
    private static boolean isReady(Grid grid) {
        return grid.isPrimary() && grid.view().members().size() == 2 && grid.isCopied();
    }

    private Grid start(String node, int number) {
        boolean first = node.equals("gw-a");
        try {
            return Grid.start(
                    new GridSettings(
                            "domain.example",
                            node,
                            "east",
                            number,
                            first ? addressOfA : addressOfB,
                            List.of(
                                    first
                                            ? new GridSettings.Peer("gw-b", addressOfB)
                                            : new GridSettings.Peer("gw-a", addressOfA)),
                            authority.member(node, Set.of("gw-a", "gw-b")),
                            Duration.ofSeconds(4),
                            owners,
                            null,
                            null),
                    first ? _ -> {} : ofB);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        b.close();
        a.close();
    }
}
