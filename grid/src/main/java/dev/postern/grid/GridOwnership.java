package dev.postern.grid;

import dev.postern.cluster.Fields;
import dev.postern.cluster.Ownership;
import dev.postern.cluster.Takeover;
import dev.postern.cluster.Takeover.Decision;

import org.infinispan.AdvancedCache;
import org.infinispan.context.Flag;
import org.infinispan.partitionhandling.AvailabilityException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Who owns what, in the grid. Work is done on a thread of its own.
public final class GridOwnership implements Ownership, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GridOwnership.class);
    private static final int TRIES = 16;

    private final Grid grid;
    private final AdvancedCache<byte[], byte[]> cache;
    private final String node;
    private final EpochsFile epochs;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("ownership").factory());

    GridOwnership(Grid grid, AdvancedCache<byte[], byte[]> cache, String node, EpochsFile epochs) {
        this.grid = grid;
        this.cache = cache;
        this.node = node;
        this.epochs = epochs;
    }

    @Override
    public void acquire(String thing, long lifespanSeconds, Consumer<Outcome> then) {
        try {
            thread.execute(() ->
                    Settling.<Outcome>ask(
                                    () -> attempt(thing, lifespanSeconds),
                                    Outcome.Unavailable.class::isInstance,
                                    grid::isSettling)
                            .thenAccept(then));
        } catch (RejectedExecutionException ended) {
            then.accept(new Outcome.Unavailable());
        }
    }

    private CompletableFuture<Outcome> attempt(String thing, long lifespanSeconds) {
        return CompletableFuture.completedFuture(thing)
                .thenCompose(each -> attempt(each, lifespanSeconds, TRIES))
                .exceptionally(failure -> {
                    LOG.info("{} cannot be acquired: {}", thing, failure.getMessage());
                    return new Outcome.Unavailable();
                });
    }

    private CompletableFuture<Outcome> attempt(String thing, long lifespanSeconds, int tries) {
        if (!grid.isPrimary() || grid.isUniting() || tries == 0) {
            return done(new Outcome.Unavailable());
        }
        long lifespan = lifespanSeconds == 0 ? -1 : lifespanSeconds;
        long last = epochs.last(thing);
        byte[] key = Knowledge.octets(thing);
        return cache.getAsync(key)
                .thenCompose(before -> {
                    Fields record = before == null ? null : Fields.decode(before);
                    return switch (Takeover.judge(record, node, last, grid.view())) {
                        case Decision.Refuse(Held by) -> done(new Outcome.Refused(by));
                        case Decision.Write(Fields next, long epoch) ->
                                write(key, before, next.encode(), lifespan)
                                        .thenCompose(written -> {
                                            if (!written) {
                                                return attempt(thing, lifespanSeconds, tries - 1);
                                            }
                                            return Takeover.isKept(thing)
                                                    ? CompletableFuture.supplyAsync(
                                                            () -> kept(thing, epoch), thread)
                                                    : done(owned(epoch));
                                        });
                    };
                });
    }

    private CompletableFuture<Boolean> write(
            byte[] key, byte @Nullable [] before, byte[] next, long lifespan) {
        return before == null
                ? cache.putIfAbsentAsync(key, next, lifespan, TimeUnit.SECONDS)
                        .thenApply(earlier -> earlier == null)
                : cache.replaceAsync(key, before, next, lifespan, TimeUnit.SECONDS);
    }

    /// Written before a split is not owned after it.
    private Outcome owned(long epoch) {
        return grid.isPrimary() ? new Outcome.Owned(epoch) : new Outcome.Unavailable();
    }

    private Outcome kept(String thing, long epoch) {
        return epochs.keep(thing, epoch) ? owned(epoch) : new Outcome.Unavailable();
    }

    private static CompletableFuture<Outcome> done(Outcome outcome) {
        return CompletableFuture.completedFuture(outcome);
    }

    @Override
    public void release(String thing) {
        byte[] key = Knowledge.octets(thing);
        try {
            thread.execute(() ->
                    cache.getAsync(key)
                            .thenCompose(before -> {
                                Fields record = before == null ? null : Fields.decode(before);
                                Fields next =
                                        record == null ? null : Takeover.released(record, node);
                                return next == null
                                        ? CompletableFuture.completedFuture(false)
                                        : cache.replaceAsync(key, before, next.encode());
                            })
                            .exceptionally(failure -> {
                                LOG.info("{} is not given up: {}", thing, failure.getMessage());
                                return false;
                            }));
        } catch (RejectedExecutionException ended) {
            LOG.debug("the member has ended");
        }
    }

    @Override
    public @Nullable Held heldHere(String thing) {
        byte[] octets;
        try {
            octets = cache.withFlags(Flag.CACHE_MODE_LOCAL).get(Knowledge.octets(thing));
        } catch (AvailabilityException minor) {
            return null;
        }
        Fields record = octets == null ? null : Fields.decode(octets);
        if (record == null) {
            return null;
        }
        Held held = Takeover.held(record);
        return held.node().isEmpty() ? null : held;
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
