package dev.postern.gateway.store;

import dev.postern.gateway.configuration.KeptSessions;
import dev.postern.grid.Grid;
import dev.postern.grid.SharedSessions;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore;
import dev.postern.ticket.store.StoredSession;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Keeps in a file the sessions of which the cluster holds a copy here, so that gateways that were
/// all down resume their clients. Written behind, in batches: what is lost with the last moments of
/// the last member are clients that come back by a full exchange.
///
/// A cluster's life begins with a primary side that finds no name for it, and has one from then on.
/// A member that comes back into the life that it knew throws its file away: the others have gone
/// on meanwhile, and old records must not come to life. One that comes into another life offers
/// what it has; the higher switch count counts.
public final class SessionCopies implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionCopies.class);
    private static final String BIRTH = "birth";
    private static final int BIRTH_OCTETS = 16;
    private static final long INTERVAL_MILLIS = 100;
    private static final long CLOSE_PATIENCE_SECONDS = 5;

    /// More changes than that between two writes are not kept one by one: all is written anew.
    private static final int PENDING = 65_536;

    private final Grid grid;
    private final SharedSessions shared;
    private final DurableSessionStore file;
    private final InstantSource clock;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("session-copies").factory());

    /// Guards the two below.
    private final Object lock = new Object();

    private Map<SessionReference, Optional<StoredSession>> pending = new HashMap<>();
    private boolean all = true;

    private boolean settled;
    private boolean complained;

    private SessionCopies(Grid grid, DurableSessionStore file, InstantSource clock) {
        this.grid = grid;
        this.shared = grid.sessions();
        this.file = file;
        this.clock = clock;
    }

    /// Null where sessions are kept in memory alone.
    ///
    /// @throws IOException in words, where the file cannot be used
    public static @Nullable SessionCopies start(Grid grid, KeptSessions kept, InstantSource clock)
            throws IOException {
        Path path = kept.file();
        if (path == null) {
            return null;
        }
        SessionCopies copies =
                new SessionCopies(
                        grid, DurableSessionStore.open(path, kept.records(), kept.sync()), clock);
        grid.sessions().listen(copies::changed);
        copies.thread.scheduleWithFixedDelay(
                copies::write, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        return copies;
    }

    private void changed(SessionReference reference, @Nullable StoredSession session) {
        synchronized (lock) {
            if (pending.size() >= PENDING) {
                pending.clear();
                all = true;
            }
            if (!all) {
                pending.put(reference, Optional.ofNullable(session));
            }
        }
    }

    /// What stands in the cluster may have changed without a word: members were united.
    public void renew() {
        synchronized (lock) {
            all = true;
        }
    }

    private void write() {
        try {
            if (!settled && !settle()) {
                return;
            }
            Map<SessionReference, Optional<StoredSession>> changes;
            boolean anew;
            synchronized (lock) {
                changes = pending;
                pending = new HashMap<>();
                anew = all;
                all = false;
            }
            long now = clock.instant().getEpochSecond();
            if (anew) {
                file.clear();
                shared.forEachHere((reference, session) -> file.put(reference, session, now));
            }
            changes.forEach((reference, session) ->
                    session.ifPresentOrElse(
                            one -> file.put(reference, one, now),
                            () -> file.drop(reference, Integer.MAX_VALUE)));
            if (anew || !changes.isEmpty()) {
                file.commit();
            }
            complained = false;
        } catch (SessionStore.UnavailableException broken) {
            renew();
            complain(broken);
        } catch (RuntimeException e) {
            renew();
            LOG.debug("the copies of sessions wait for the cluster: {}", e.getMessage());
        }
    }

    /// Whether it is clear which life of the cluster this is, and the file is of it.
    private boolean settle() {
        if (!grid.isPrimary()) {
            return false;
        }
        byte[] named = grid.knowledge().get(BIRTH);
        if (named == null) {
            if (!grid.leads()) {
                return false;
            }
            byte[] random = new byte[BIRTH_OCTETS];
            new SecureRandom().nextBytes(random);
            named = HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII);
            grid.knowledge().put(BIRTH, named);
        }
        String birth = new String(named, StandardCharsets.US_ASCII);
        if (!birth.equals(file.birth())) {
            offer();
            file.birth(birth);
        }
        settled = true;
        return true;
    }

    private void offer() {
        long now = clock.instant().getEpochSecond();
        long[] offered = {0};
        file.forEach(
                now,
                (reference, session) -> {
                    shared.put(reference, session, now).toCompletableFuture().join();
                    offered[0]++;
                });
        LOG.info("the cluster begins anew; it was offered {} sessions of the file", offered[0]);
    }

    private void complain(SessionStore.UnavailableException broken) {
        if (!complained) {
            complained = true;
            LOG.error(
                    "{}; sessions stand in memory alone until it is mended",
                    broken.getMessage(),
                    broken);
        }
    }

    /// Writes what is left, and closes the file.
    @Override
    public void close() {
        thread.execute(this::write);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the disk does not answer, the last copies of sessions are lost");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}
