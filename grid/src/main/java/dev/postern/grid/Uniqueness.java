package dev.postern.grid;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Sees to it that a member has its name, its number and its address to itself: looks at the start,
/// at each view, and from time to time, for what others have in their lists may be known later.
final class Uniqueness implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Uniqueness.class);
    private static final String LIST = "members/";
    private static final long LOOK_MILLIS = 500;

    /// By then the engine has begun to unite what two sides have.
    private static final long SHORTEST_NANOS = 1_000_000_000L;

    private static final long LONGEST_NANOS = 120_000_000_000L;

    private final Grid grid;
    private final GridSettings settings;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("cluster-unique").factory());
    private final CompletableFuture<String> refused = new CompletableFuture<>();
    private long found;
    private volatile @Nullable String out;

    Uniqueness(Grid grid, GridSettings settings) {
        this.grid = grid;
        this.settings = settings;
    }

    /// @throws IOException where another member is before us
    void start() throws IOException {
        look();
        thread.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (out != null) {
            throw new IOException(refused.join());
        }
        grid.manager().addListener(new ClusterWatch.Views(this::lookNow, () -> {}));
    }

    /// Whether this member must not go on: from now on it does nothing that must happen once.
    boolean isOut() {
        return out != null;
    }

    /// Completes once this member is to end, with the reason in words.
    CompletableFuture<String> refused() {
        return refused;
    }

    private void lookNow() {
        try {
            thread.execute(this::look);
        } catch (RejectedExecutionException ended) {
            LOG.debug("the member has ended");
        }
    }

    private void look() {
        try {
            String reason = out;
            if (reason != null) {
                leave(reason);
                return;
            }
            reason = refusal();
            if (reason == null) {
                say();
                return;
            }
            LOG.error("this member of the cluster must not go on: {}", reason);
            found = System.nanoTime();
            out = reason;
        } catch (RuntimeException e) {
            LOG.info("the other members are looked at again later: {}", e.getMessage());
        }
    }

    /// Whoever leaves while the engine unites what two sides have leaves the others' caches behind
    /// closed for good: nobody could join them any more.
    private void leave(String reason) {
        long waited = System.nanoTime() - found;
        if (waited > LONGEST_NANOS || (waited > SHORTEST_NANOS && grid.isCopied())) {
            refused.complete(reason);
        }
    }

    private @Nullable String refusal() {
        return new Rivals(grid.seats(), member -> list(member.node(), member.incarnation()))
                .refusal(grid.self());
    }

    /// Tells the others where our configuration has them.
    private void say() {
        StringBuilder text = new StringBuilder(grid.self().incarnation()).append('\n');
        own().forEach((node, address) ->
                text.append(address).append(' ').append(node).append('\n'));
        byte[] list = Knowledge.octets(text.toString());
        String name = LIST + settings.node();
        if (!Arrays.equals(list, grid.knowledge().get(name))) {
            grid.knowledge().tell(name, list);
        }
    }

    private Map<String, String> own() {
        Map<String, String> own = new LinkedHashMap<>();
        settings.peers().forEach(peer -> own.put(peer.node(), Seat.text(peer.address())));
        return own;
    }

    /// What this process of a node has said; null where it has not yet, or where that cannot be
    /// found out now.
    private @Nullable Map<String, String> list(String node, String incarnation) {
        if (incarnation.equals(grid.self().incarnation())) {
            return own();
        }
        byte[] said;
        try {
            said = grid.knowledge().get(LIST + node);
        } catch (RuntimeException e) {
            LOG.debug("the list of {} is asked for again later: {}", node, e.getMessage());
            return null;
        }
        String[] lines = said == null ? new String[0] : Knowledge.text(said).split("\n", -1);
        if (lines.length == 0 || !lines[0].equals(incarnation)) {
            return null;
        }
        Map<String, String> list = new LinkedHashMap<>();
        for (String line : lines) {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                list.put(line.substring(blank + 1), line.substring(0, blank));
            }
        }
        return list;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
