package dev.postern.gateway.daemon;

import dev.postern.cluster.CommonKnowledge;
import dev.postern.gateway.configuration.ConfigurationException;
import dev.postern.gateway.configuration.TgsKeyRotation;
import dev.postern.gateway.configuration.TgsKeys;
import dev.postern.grid.Grid;
import dev.postern.ticket.Revocation;
import dev.postern.ticket.TgsKeyRing;
import dev.postern.ticket.TgsKeySchedule;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
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
    private static final long INTERVAL_SECONDS = 5;

    private final ClusterSeat seat;
    private final Grid grid;
    private final RevocationList list;
    private final @Nullable Path keyFile;
    private final @Nullable TgsKeyWatch watch;
    private final @Nullable TgsKeySchedule schedule;
    private final Clock clock;
    private final CommonKnowledge common;
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
        this.seat = seat;
        this.grid = seat.grid();
        this.list = list;
        this.keyFile = keys == null ? null : keys.file();
        this.watch = watch;
        this.schedule = seat.schedule(longestTicketLifetimeSeconds);
        this.clock = clock;
        this.common =
                new CommonKnowledge(
                        grid.domain(),
                        new Kept(),
                        list.keptForSeconds() + Revocation.CLOCK_TOLERANCE_SECONDS);
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
        list.share(one -> knowledge.later(() -> knowledge.common.publish(one)));
        seat.listen(_ -> knowledge.later(knowledge::reconcile));
        knowledge.thread.scheduleWithFixedDelay(
                () -> knowledge.guarded(knowledge::tend),
                INTERVAL_SECONDS,
                INTERVAL_SECONDS,
                TimeUnit.SECONDS);
        return knowledge;
    }

    private void heard(String name, byte[] value) {
        if (name.startsWith(CommonKnowledge.REVOCATION) || name.equals(CommonKnowledge.TGS_KEYS)) {
            later(() -> common.heard(name, value, now()));
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /// What others say and we do not know, and the other way round.
    private void reconcile() {
        grid.domain()
                .all(CommonKnowledge.REVOCATION)
                .forEach((name, value) -> common.heard(name, value, now()));
        common.reconcile(now());
    }

    /// From time to time: the file may have changed, the next key may be due.
    private void tend() {
        seat.tend(clock.instant(), INTERVAL_SECONDS);
        common.forget(now());
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
        common.reconcileKeys(now());
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

    /// In our files. What goes wrong with that of the keys is told once, until it works again.
    private final class Kept implements CommonKnowledge.Own {
        private String unreadable = "";
        private String unwritable = "";

        @Override
        public List<Revocation> revocations() {
            return list.entries();
        }

        @Override
        public void learn(Revocation revocation) {
            list.learn(revocation);
        }

        @Override
        public @Nullable TgsKeyRing keys() {
            if (keyFile == null || watch == null) {
                return null;
            }
            try {
                // That a key has ended is to be known here for as long as a member may come back
                // that does not know it.
                TgsKeyRing ring = TgsKeyRotation.ring(keyFile);
                unreadable = "";
                return ring;
            } catch (ConfigurationException e) {
                unreadable = complained(unreadable, keyFile, e);
                return null;
            }
        }

        @Override
        public boolean replaceKeys(TgsKeyRing keys) {
            if (keyFile == null || watch == null) {
                return false;
            }
            try {
                TgsKeyRotation.replace(keyFile, keys);
                watch.look(clock.instant(), true);
                unwritable = "";
                return true;
            } catch (ConfigurationException | IOException e) {
                // The others seal under them all the same, and retire what we would open.
                watch.takeUnwritten(keys, clock.instant());
                unwritable = complained(unwritable, keyFile, e);
                return false;
            }
        }

        /// What has been told now.
        private static String complained(String before, Path file, Exception why) {
            String text = String.valueOf(why);
            if (!text.equals(before)) {
                LOG.warn(
                        "the cluster's TGS keys do not reach {}: {}; a restart forgets them until"
                                + " they do",
                        file,
                        text);
            }
            return text;
        }

        @Override
        public void notUnderstood(String revocation) {
            LOG.warn("a member said a revocation that is not understood: {}", revocation);
        }
    }
}
