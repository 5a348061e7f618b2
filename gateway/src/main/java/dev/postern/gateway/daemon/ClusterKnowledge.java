package dev.postern.gateway.daemon;

import dev.postern.cluster.SharedRevocations;
import dev.postern.cluster.SharedTgsKeys;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.TgsKeyRotation;
import dev.postern.gateway.configuration.TgsKeys;
import dev.postern.grid.Grid;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.RevocationText;
import dev.postern.ticket.TgsKeyFile;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TgsKeySchedule;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Makes what one gateway of a domain knows known to all, at every site: TGS keys and revocations.
/// Each keeps its own files, which hold the union of what the members know; so any of them can
/// begin alone. On a thread of its own.
final class ClusterKnowledge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterKnowledge.class);
    private static final String REVOCATION = "revocation/";
    private static final String TGS_KEYS = "tgs-keys";
    private static final long INTERVAL_SECONDS = 5;

    private final Grid grid;
    private final RevocationList list;
    private final @Nullable Path keyFile;
    private final @Nullable TgsKeyWatch watch;
    private final @Nullable TgsKeySchedule schedule;
    private final long keptForSeconds;
    private final Clock clock;
    private final SharedRevocations revocations = new SharedRevocations();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("cluster-knowledge").factory());

    private ClusterKnowledge(
            ClusterSeat seat,
            RevocationList list,
            @Nullable TgsKeys keys,
            @Nullable TgsKeyWatch watch,
            long longestTicketLifetimeSeconds,
            Clock clock) {
        this.grid = seat.grid();
        this.list = list;
        this.keyFile = keys == null ? null : keys.file();
        this.watch = watch;
        this.schedule = seat.schedule(longestTicketLifetimeSeconds);
        this.keptForSeconds = list.keptForSeconds() + Revocation.CLOCK_TOLERANCE_SECONDS;
        this.clock = clock;
    }

    /// Takes over what the cluster knows before this gateway lets anybody in, and goes on from
    /// there.
    ///
    /// @param keys null for a gateway without TGS keys
    static ClusterKnowledge start(
            ClusterSeat seat,
            RevocationList list,
            @Nullable TgsKeys keys,
            @Nullable TgsKeyWatch watch,
            long longestTicketLifetimeSeconds,
            Clock clock) {
        ClusterKnowledge knowledge =
                new ClusterKnowledge(seat, list, keys, watch, longestTicketLifetimeSeconds, clock);
        knowledge.reconcile();
        knowledge.grid.domain().listen(knowledge::heard);
        list.share(one -> knowledge.later(() -> knowledge.publish(one)));
        seat.listen(_ -> knowledge.later(knowledge::reconcile));
        knowledge.thread.scheduleWithFixedDelay(
                () -> knowledge.guarded(knowledge::tend),
                INTERVAL_SECONDS,
                INTERVAL_SECONDS,
                TimeUnit.SECONDS);
        return knowledge;
    }

    private void heard(String name, byte[] value) {
        if (name.startsWith(REVOCATION)) {
            later(() -> learn(value));
        } else if (name.equals(TGS_KEYS)) {
            later(this::reconcileKeys);
        }
    }

    /// What others say and we do not know, and the other way round.
    private void reconcile() {
        grid.domain().all(REVOCATION).values().forEach(this::learn);
        list.entries().forEach(this::publish);
        reconcileKeys();
    }

    private void learn(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8);
        if (RevocationText.parse(text)
                instanceof RevocationText.Parsed.Valid(List<Revocation> one)) {
            for (Revocation revocation : one) {
                if (revocations.learn(revocation)) {
                    list.learn(revocation);
                }
            }
        } else {
            LOG.warn("a member said a revocation that is not understood: {}", text.strip());
        }
    }

    private void publish(Revocation revocation) {
        String name = REVOCATION + SharedRevocations.name(revocation);
        byte[] known = grid.domain().get(name);
        boolean news = known == null || instantOf(known) < revocation.instant();
        revocations.learn(revocation);
        if (news) {
            grid.domain()
                    .put(
                            name,
                            RevocationText.write(List.of(revocation))
                                    .getBytes(StandardCharsets.UTF_8),
                            Math.max(60, keptForSeconds));
        }
    }

    private static long instantOf(byte[] line) {
        return RevocationText.parse(new String(line, StandardCharsets.UTF_8))
                                instanceof RevocationText.Parsed.Valid(List<Revocation> one)
                        && !one.isEmpty()
                ? one.getFirst().instant()
                : Long.MIN_VALUE;
    }

    /// Our key file and the cluster's keys become their union.
    private void reconcileKeys() {
        if (keyFile == null || watch == null) {
            return;
        }
        long now = clock.instant().getEpochSecond();
        try {
            TgsKeyRing ours = TgsKeys.read(keyFile, clock.instant()).ring();
            byte[] said = grid.domain().get(TGS_KEYS);
            TgsKeyRing theirs = said == null ? null : parse(said);
            TgsKeyRing union = theirs == null ? ours : SharedTgsKeys.union(ours, theirs, now);
            if (SharedTgsKeys.isNewsFor(ours, union)) {
                TgsKeyRotation.replace(keyFile, union);
                watch.look(clock.instant(), true);
            }
            if (theirs == null || SharedTgsKeys.isNewsFor(theirs, union)) {
                grid.domain()
                        .put(TGS_KEYS, TgsKeyFile.write(union).getBytes(StandardCharsets.US_ASCII));
            }
        } catch (ConfigurationException | IOException e) {
            LOG.warn("the cluster's TGS keys do not reach {}: {}", keyFile, e.getMessage());
        }
    }

    private static @Nullable TgsKeyRing parse(byte[] said) {
        return TgsKeyFile.parse(new String(said, StandardCharsets.US_ASCII))
                        instanceof TgsKeyFile.Parsed.Valid(TgsKeyRing ring)
                ? ring
                : null;
    }

    /// From time to time: the file may have changed, the next key may be due.
    private void tend() {
        revocations.forget(clock.instant().getEpochSecond() - keptForSeconds);
        if (schedule != null && keyFile != null && isOursToRotate()) {
            try {
                if (TgsKeyRotation.rotateIfDue(
                                keyFile, new SystemEntropy(), clock.instant(), schedule)
                        != null) {
                    LOG.info("the next TGS key of the cluster is made");
                }
            } catch (ConfigurationException | IOException e) {
                LOG.warn("the next TGS key cannot be made: {}", e.getMessage());
            }
        }
        reconcileKeys();
    }

    /// One member of the primary side makes the keys: the one that coordinates it, at the first of
    /// the sites that see each other.
    private boolean isOursToRotate() {
        return grid.isPrimary() && grid.sites().isFirst() && grid.coordinates();
    }

    private void later(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException ended) {
            LOG.debug("the gateway ends");
        }
    }

    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // The cluster is changing just now; the next look makes up for it.
            LOG.info("what the cluster knows is looked at again later: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
