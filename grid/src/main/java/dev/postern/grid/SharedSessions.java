package dev.postern.grid;

import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore.Raise;
import dev.postern.ticket.store.SessionStore.UnavailableException;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.infinispan.AdvancedCache;
import org.infinispan.context.Flag;
import org.infinispan.notifications.Listener;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryCreated;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryModified;
import org.infinispan.notifications.cachelistener.annotation.CacheEntryRemoved;
import org.infinispan.notifications.cachelistener.event.CacheEntryEvent;
import org.infinispan.notifications.cachelistener.event.CacheEntryModifiedEvent;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// Sessions by reference in the grid, as [dev.postern.ticket.store.SessionStore] promises them,
/// with answers that come later. Each change is a compare-and-set that the entry's one owner
/// decides, and counts once all of its copies have it; on a side that is not primary nothing can be
/// said. A store that cannot say completes with [UnavailableException].
///
/// Calls may wait for the flow control of the transport: never to be made on an endpoint's thread.
public final class SharedSessions {
    /// More losers of a race in a row than that point to a fault, not to a race.
    private static final int TRIES = 16;

    /// Hears of changes to the copies that stand here. The engine calls its methods on its threads.
    @Listener(observation = Listener.Observation.POST)
    public static final class Ear {
        private final BiConsumer<SessionReference, @Nullable StoredSession> hears;

        Ear(BiConsumer<SessionReference, @Nullable StoredSession> hears) {
            this.hears = hears;
        }

        @CacheEntryCreated
        @CacheEntryModified
        public void written(CacheEntryEvent<byte[], byte[]> event) {
            byte[] value = event.getValue();
            StoredSession session = value == null ? null : StoredSession.decode(value);
            if (session != null) {
                hears.accept(new SessionReference(Octets.of(event.getKey())), session);
            }
        }

        @CacheEntryRemoved
        public void removed(CacheEntryEvent<byte[], byte[]> event) {
            hears.accept(new SessionReference(Octets.of(event.getKey())), null);
        }
    }

    /// Hears of what another site has sent. No member ever lowers a count; another site may, that
    /// sends a record which is newer by its own clock of changes and older by the session's.
    @Listener(observation = Listener.Observation.POST)
    public static final class Guard {
        private final SharedSessions sessions;

        Guard(SharedSessions sessions) {
            this.sessions = sessions;
        }

        @CacheEntryModified
        public void written(CacheEntryModifiedEvent<byte[], byte[]> event) {
            byte[] old = event.getOldValue();
            StoredSession before = old == null ? null : StoredSession.decode(old);
            byte[] value = event.getNewValue();
            StoredSession after = value == null ? null : StoredSession.decode(value);
            if (before != null
                    && after != null
                    && before.gatewaySwitchCount() > after.gatewaySwitchCount()) {
                sessions.raiseAgain(event.getKey(), before);
            }
        }
    }

    private final Grid grid;
    private final AdvancedCache<byte[], byte[]> cache;

    SharedSessions(Grid grid, AdvancedCache<byte[], byte[]> cache) {
        this.grid = grid;
        this.cache = cache;
    }

    /// From now on no other site lowers a count.
    void guard() {
        cache.addListener(new Guard(this));
    }

    private void raiseAgain(byte[] key, StoredSession before) {
        cache.getCacheEntryAsync(key)
                .thenCompose(entry -> {
                    StoredSession now =
                            entry == null ? null : StoredSession.decode(entry.getValue());
                    StoredSession raised =
                            now == null
                                    ? null
                                    : now.raised(before.gatewaySwitchCount(), before.claim());
                    // What is written without a lifespan would stay for ever.
                    return raised == null || raised.equals(now)
                            ? done(true)
                            : cache.replaceAsync(
                                    key,
                                    entry.getValue(),
                                    raised.encode(),
                                    entry.getLifespan(),
                                    TimeUnit.MILLISECONDS);
                });
    }

    /// Whether what cannot be said now may be said in a moment: this side is the primary one, or
    /// has yet to find out.
    public boolean isUndecided() {
        return grid.isUndecided() || grid.sites().isCatchingUp();
    }

    /// What is not here may be on its way from another site, while ours begins anew; and what a
    /// member of a later version has written is that member's to judge.
    private void demandKnown(byte @Nullable [] found) {
        if (found == null && grid.sites().isCatchingUp()) {
            throw new UnavailableException("another site has yet to say what it has", null);
        }
        if (found != null) {
            StoredSession.demandReadable(found);
        }
    }

    /// Tells of every change to a copy that stands in this process, with null for one that is gone;
    /// on the engine's threads, which are never to be held up.
    public void listen(BiConsumer<SessionReference, @Nullable StoredSession> hears) {
        cache.addListener(new Ear(hears));
    }

    /// Every record of which a copy stands here.
    public void forEachHere(BiConsumer<SessionReference, StoredSession> taker) {
        cache.withFlags(Flag.CACHE_MODE_LOCAL)
                .forEach((key, value) -> {
                    StoredSession session = StoredSession.decode(value);
                    if (session != null) {
                        taker.accept(new SessionReference(Octets.of(key)), session);
                    }
                });
    }

    /// Records of which a copy stands here.
    public int size() {
        return cache.getDataContainer().size();
    }

    public CompletionStage<Boolean> put(
            SessionReference reference, StoredSession session, long nowSeconds) {
        return guarded(() ->
                put(reference.octets().array(), session, nowSeconds, TRIES).thenApply(_ -> true));
    }

    private CompletableFuture<Boolean> put(
            byte[] key, StoredSession session, long nowSeconds, int tries) {
        return cache.putIfAbsentAsync(
                        key, session.encode(), lifespan(session, nowSeconds), TimeUnit.SECONDS)
                .thenCompose(earlier -> {
                    if (earlier == null) {
                        return done(true);
                    }
                    StoredSession.demandReadable(earlier);
                    StoredSession kept = session.inPlaceOf(StoredSession.decode(earlier));
                    byte[] octets = kept.encode();
                    if (Arrays.equals(octets, earlier)) {
                        return done(true);
                    }
                    return replace(key, earlier, kept, nowSeconds)
                            .thenCompose(replaced ->
                                    replaced
                                            ? done(true)
                                            : again(
                                                    tries,
                                                    () ->
                                                            put(
                                                                    key,
                                                                    session,
                                                                    nowSeconds,
                                                                    tries - 1)));
                });
    }

    public CompletionStage<@Nullable StoredSession> fetch(
            SessionReference reference, long nowSeconds) {
        return guarded(() -> read(reference.octets().array(), nowSeconds));
    }

    private CompletableFuture<@Nullable StoredSession> read(byte[] key, long nowSeconds) {
        return cache.getAsync(key)
                .thenApply(octets -> {
                    demandKnown(octets);
                    StoredSession found = octets == null ? null : StoredSession.decode(octets);
                    return found == null || found.isExpiredAt(nowSeconds) ? null : found;
                });
    }

    public CompletionStage<Raise> raise(
            SessionReference reference, int gatewaySwitchCount, Octets claim, long nowSeconds) {
        return guarded(() ->
                raise(reference.octets().array(), gatewaySwitchCount, claim, nowSeconds, TRIES));
    }

    private CompletableFuture<Raise> raise(
            byte[] key, int count, Octets claim, long nowSeconds, int tries) {
        return cache.getAsync(key)
                .thenCompose(octets -> {
                    demandKnown(octets);
                    StoredSession found = octets == null ? null : StoredSession.decode(octets);
                    if (found == null || found.isExpiredAt(nowSeconds)) {
                        return done(Raise.UNKNOWN);
                    }
                    StoredSession raised = found.raised(count, claim);
                    if (raised == null) {
                        return done(Raise.TAKEN);
                    }
                    if (raised.equals(found)) {
                        // An earlier try of the same request, whose answer was lost.
                        return done(Raise.RAISED);
                    }
                    return replace(key, octets, raised, nowSeconds)
                            .thenCompose(replaced ->
                                    replaced
                                            ? done(Raise.RAISED)
                                            : again(
                                                    tries,
                                                    () ->
                                                            raise(
                                                                    key,
                                                                    count,
                                                                    claim,
                                                                    nowSeconds,
                                                                    tries - 1)));
                });
    }

    public CompletionStage<Boolean> drop(SessionReference reference, int gatewaySwitchCount) {
        return guarded(() -> drop(reference.octets().array(), gatewaySwitchCount, TRIES));
    }

    private CompletableFuture<Boolean> drop(byte[] key, int count, int tries) {
        return cache.getAsync(key)
                .thenCompose(octets -> {
                    StoredSession found = octets == null ? null : StoredSession.decode(octets);
                    if (found == null || found.gatewaySwitchCount() > count) {
                        return done(true);
                    }
                    return cache.removeAsync(key, octets)
                            .thenCompose(removed ->
                                    removed
                                            ? done(true)
                                            : again(tries, () -> drop(key, count, tries - 1)));
                });
    }

    private CompletableFuture<Boolean> replace(
            byte[] key, byte[] earlier, StoredSession next, long nowSeconds) {
        return cache.replaceAsync(
                key, earlier, next.encode(), lifespan(next, nowSeconds), TimeUnit.SECONDS);
    }

    /// Relative, so that it means the same at members whose clocks differ.
    private static long lifespan(StoredSession session, long nowSeconds) {
        return Math.max(1, session.expiresAt() - nowSeconds);
    }

    private interface Step<T> {
        CompletableFuture<T> take();
    }

    private static <T> CompletableFuture<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private static <T> CompletableFuture<T> again(int tries, Step<T> step) {
        return tries > 0
                ? step.take()
                : CompletableFuture.failedFuture(
                        new UnavailableException("too many members race for one session", null));
    }

    /// What was done counts only where this side is still primary afterwards.
    private <T extends @Nullable Object> CompletionStage<T> guarded(Step<T> step) {
        if (!grid.isPrimary()) {
            return CompletableFuture.failedFuture(notPrimary());
        }
        CompletableFuture<T> future;
        try {
            future = step.take();
        } catch (RuntimeException refused) {
            return CompletableFuture.failedFuture(unavailable(refused));
        }
        return future.handle((value, failure) -> {
            if (failure != null) {
                throw unavailable(failure);
            }
            if (!grid.isPrimary()) {
                throw notPrimary();
            }
            return value;
        });
    }

    private static UnavailableException notPrimary() {
        return new UnavailableException("this side of the cluster is not the primary one", null);
    }

    private static UnavailableException unavailable(Throwable failure) {
        return failure instanceof UnavailableException known
                ? known
                : new UnavailableException(
                        "the cluster cannot say: " + failure.getMessage(), failure);
    }
}
