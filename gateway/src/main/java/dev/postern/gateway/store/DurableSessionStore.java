package dev.postern.gateway.store;

import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.SessionStore;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.BiConsumer;

/// A store in one file, a log-structured tree: what a commit has written is there after a SIGKILL,
/// what it has not is as if it had never been asked. Records are sealed under the TGS keys before
/// they come here, and the file is its owner's alone. For one thread.
///
/// Three trees: `sessions`, reference -> record, and `expiries`, (expiry, reference) -> nothing, so
/// that what has expired is found without looking at the rest; `about`, what the file as a whole
/// is.
final class DurableSessionStore implements SessionStore, AutoCloseable {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] BIRTH = {'b'};
    private static final int EXPIRY_LENGTH = Long.BYTES + SessionReference.LENGTH;

    /// Expired records that one write takes away at most, so that none waits for thousands.
    private static final int PURGED_AT_ONCE = 64;

    /// Half-empty chunks are rewritten, this many octets at a time.
    private static final int COMPACTED_AT_ONCE = 1 << 20;

    private static final int FILL_RATE = 60;
    private static final int UNSYNCED_RETENTION_MILLIS = 45_000;

    /// A file that was found out of order is opened again no sooner than after this.
    private static final long REST_NANOS = 2_000_000_000L;

    private final Path path;
    private final long maximum;
    private final boolean sync;
    private MVStore file;
    private MVMap<byte[], byte[]> sessions;
    private MVMap<byte[], byte[]> expiries;
    private MVMap<byte[], byte[]> about;
    private boolean ended;
    private long brokenAt;

    private DurableSessionStore(Path path, long maximum, boolean sync) {
        this.path = path;
        this.maximum = maximum;
        this.sync = sync;
        this.file = opened(path, sync);
        this.sessions = file.openMap("sessions", tree());
        this.expiries = file.openMap("expiries", tree());
        this.about = file.openMap("about", tree());
    }

    private static MVStore opened(Path path, boolean sync) {
        MVStore store =
                new MVStore.Builder()
                        .fileName(path.toString())
                        .autoCommitDisabled()
                        .cacheSize(16)
                        .open();
        // The place of what was removed is written over at once only where the disk keeps the
        // order of our writes.
        store.setRetentionTime(sync ? 0 : UNSYNCED_RETENTION_MILLIS);
        return store;
    }

    static MVMap.Builder<byte[], byte[]> tree() {
        return new MVMap.Builder<byte[], byte[]>()
                .keyType(ByteArrayDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE);
    }

    /// Opens a file, or makes one that only its owner may read.
    ///
    /// @param maximum records that are kept at most
    /// @param sync whether a commit is forced to the disk
    /// @throws IOException in words, where the file is damaged, somebody else's, or open already
    static DurableSessionStore open(Path path, long maximum, boolean sync) throws IOException {
        if (!Files.exists(path)) {
            Files.createFile(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        try {
            return new DurableSessionStore(path, maximum, sync);
        } catch (MVStoreException unusable) {
            throw new IOException(
                    "the session store "
                            + path
                            + " cannot be opened: "
                            + unusable.getMessage()
                            + "; if no other gateway has it open, move it aside: clients then come"
                            + " back by a full exchange",
                    unusable);
        }
    }

    @Override
    public boolean put(SessionReference reference, StoredSession session, long nowSeconds) {
        return guarded(() -> {
            purge(nowSeconds);
            byte[] key = reference.octets().array();
            byte[] earlierOctets = sessions.get(key);
            if (earlierOctets == null && sessions.sizeAsLong() >= maximum) {
                return false;
            }
            if (earlierOctets != null) {
                StoredSession.demandReadable(earlierOctets);
            }
            StoredSession earlier =
                    earlierOctets == null ? null : StoredSession.decode(earlierOctets);
            if (earlier != null) {
                expiries.remove(expiryKey(earlier.expiresAt(), key));
            }
            StoredSession kept = session.inPlaceOf(earlier);
            sessions.put(key, kept.encode());
            expiries.put(expiryKey(kept.expiresAt(), key), NOTHING);
            return true;
        });
    }

    @Override
    public @Nullable StoredSession fetch(SessionReference reference, long nowSeconds) {
        byte[] key = reference.octets().array();
        byte[] found = guarded(() -> sessions.getOrDefault(key, NOTHING));
        StoredSession session = found.length == 0 ? null : StoredSession.decode(found);
        return session == null || session.isExpiredAt(nowSeconds) ? null : session;
    }

    @Override
    public Raise raise(
            SessionReference reference, int gatewaySwitchCount, Octets claim, long nowSeconds) {
        StoredSession found = fetch(reference, nowSeconds);
        if (found == null) {
            return Raise.UNKNOWN;
        }
        StoredSession raised = found.raised(gatewaySwitchCount, claim);
        if (raised == null) {
            return Raise.TAKEN;
        }
        return guarded(() -> {
            sessions.put(reference.octets().array(), raised.encode());
            return Raise.RAISED;
        });
    }

    @Override
    public void drop(SessionReference reference, int gatewaySwitchCount) {
        byte[] key = reference.octets().array();
        byte[] octets = guarded(() -> sessions.getOrDefault(key, NOTHING));
        StoredSession found = octets.length == 0 ? null : StoredSession.decode(octets);
        if (found != null && found.gatewaySwitchCount() <= gatewaySwitchCount) {
            change(() -> {
                sessions.remove(key);
                expiries.remove(expiryKey(found.expiresAt(), key));
            });
        }
    }

    @Override
    public long size() {
        return sessions.sizeAsLong();
    }

    /// Every record that is good at `nowSeconds`.
    void forEach(long nowSeconds, BiConsumer<SessionReference, StoredSession> taker) {
        change(() ->
                sessions.entrySet()
                        .forEach(entry -> {
                            StoredSession session = StoredSession.decode(entry.getValue());
                            if (session != null && !session.isExpiredAt(nowSeconds)) {
                                taker.accept(
                                        new SessionReference(Octets.of(entry.getKey())), session);
                            }
                        }));
    }

    /// Forgets every record.
    void clear() {
        change(() -> {
            sessions.clear();
            expiries.clear();
        });
    }

    /// The name of the cluster's life in which the records were written; empty for none.
    String birth() {
        byte[] birth = guarded(() -> about.getOrDefault(BIRTH, NOTHING));
        return new String(birth, StandardCharsets.US_ASCII);
    }

    void birth(String birth) {
        change(() -> about.put(BIRTH, birth.getBytes(StandardCharsets.US_ASCII)));
    }

    /// Makes all that was written since the last commit last.
    void commit() {
        change(() -> {
            file.commit();
            if (sync) {
                file.sync();
            }
        });
    }

    /// A moment without work: gives the space of what was removed back.
    void tidy(long nowSeconds) {
        change(() -> {
            purge(nowSeconds);
            file.commit();
            file.compact(FILL_RATE, COMPACTED_AT_ONCE);
        });
    }

    private void purge(long nowSeconds) {
        for (int purged = 0; purged < PURGED_AT_ONCE; purged++) {
            byte[] first = expiries.firstKey();
            if (first == null || ByteBuffer.wrap(first).getLong() > nowSeconds) {
                return;
            }
            byte[] key = new byte[SessionReference.LENGTH];
            System.arraycopy(first, Long.BYTES, key, 0, key.length);
            sessions.remove(key);
            expiries.remove(first);
        }
    }

    private static byte[] expiryKey(long expiresAt, byte[] reference) {
        return ByteBuffer.allocate(EXPIRY_LENGTH).putLong(expiresAt).put(reference).array();
    }

    private interface Access<T> {
        T run();
    }

    /// A disk that is full or gone is the environment's fault, and an answer. The tree closes its
    /// file where a write has failed; what the last commit has written is found again once the disk
    /// takes writes.
    private <T> T guarded(Access<T> access) {
        if (ended) {
            throw new UnavailableException("the session store is closed", null);
        }
        try {
            if (file.isClosed()) {
                reopen();
            }
            return access.run();
        } catch (MVStoreException broken) {
            brokenAt = System.nanoTime();
            throw new UnavailableException(
                    "the session store's file " + path + " is out of order", broken);
        }
    }

    private void reopen() {
        if (System.nanoTime() - brokenAt < REST_NANOS) {
            throw new UnavailableException(
                    "the session store's file " + path + " was out of order a moment ago", null);
        }
        MVStore again = opened(path, sync);
        sessions = again.openMap("sessions", tree());
        expiries = again.openMap("expiries", tree());
        about = again.openMap("about", tree());
        file = again;
    }

    private void change(Runnable change) {
        Boolean _ =
                guarded(() -> {
                    change.run();
                    return true;
                });
    }

    @Override
    public void close() {
        ended = true;
        file.close();
    }
}
