package dev.postern.gateway.daemon;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.gateway.configuration.KeptTicket;
import dev.postern.gateway.files.OwnerFile;
import dev.postern.gateway.files.UseLock;
import dev.postern.ike.failover.KeptSession;
import dev.postern.ike.sa.ResumableSession;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Keeps a client's ticket in a file, so that the session outlives the client's process. The file
/// follows what the client would resume by: it is removed once a ticket was used or its session has
/// ended, and written with each fresh ticket.
///
/// No ticket is used with success twice, wherever the process is killed. A gateway's answer to a
/// resume alone uses nothing: what it has set up goes by itself unless a packet under the new keys
/// confirms it. [#spent] removes the used ticket before such a packet can leave; a ticket that
/// could not be removed then, as on a disk that has become read-only, is not used by the next
/// process.
///
/// [#spent] and [#keep] are called on the endpoint's thread; the disk is waited for on a thread of
/// its own, but for the removal, which the system has in its memory.
final class TicketFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TicketFile.class);
    private static final int KEY_LENGTH = 32;
    private static final long LONGEST_WRITE_SECONDS = 10;
    private static final long LONGEST_END_SECONDS = 5;
    private static final long LOOK_NANOS = 50_000_000;

    private final @Nullable Path file;
    private final UseLock lock;
    private final SecretBytes key;
    private final Entropy entropy;
    private final ExecutorService writer =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("ticket").factory());

    /// Held while the file changes: a used ticket does not take its place after its removal.
    private final Object turn = new Object();

    private volatile @Nullable ResumableSession known;
    private volatile @Nullable Octets written;
    private volatile boolean failed;

    private TicketFile(@Nullable Path file, UseLock lock, SecretBytes key, Entropy entropy) {
        this.file = file;
        this.lock = lock;
        this.key = key;
        this.entropy = entropy;
    }

    /// Reads the key, or makes one where there is none. Of two processes with one file the later
    /// one is refused: each would remove the other's tickets, and use them a second time.
    ///
    /// @param place null where nothing is kept
    /// @throws IOException with the reason in words; nothing was changed then
    static TicketFile open(@Nullable KeptTicket place, Entropy entropy) throws IOException {
        if (place == null) {
            return new TicketFile(null, UseLock.none(), SecretBytes.owning(new byte[0]), entropy);
        }
        SecretBytes key = key(place.key(), entropy);
        try {
            return new TicketFile(place.file(), lock(place.file()), key, entropy);
        } catch (IOException e) {
            key.close();
            throw e;
        }
    }

    /// An earlier client may be about to end.
    private static UseLock lock(Path file) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_END_SECONDS);
        while (true) {
            UseLock lock = UseLock.take(file);
            if (lock != null) {
                return lock;
            }
            if (System.nanoTime() > deadline) {
                String holder = UseLock.holder(file);
                throw new IOException(
                        "the ticket file "
                                + file
                                + " is in use by a client that runs"
                                + (holder == null || holder.isEmpty() ? "" : ", process " + holder)
                                + "; end that one, or name another file in ticket.file");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /// Whether the session outlives the process.
    boolean isKept() {
        return file != null;
    }

    private static SecretBytes key(Path file, Entropy entropy) throws IOException {
        byte[] fresh = entropy.octets(KEY_LENGTH);
        try {
            OwnerFile.createWhole(file, fresh);
            return SecretBytes.owning(fresh);
        } catch (FileAlreadyExistsException there) {
            Arrays.fill(fresh, (byte) 0);
        } catch (IOException e) {
            throw new IOException(
                    "the key that seals the ticket cannot be written to "
                            + file
                            + " ("
                            + e
                            + "); make room there, or name another file in ticket.key",
                    e);
        }
        KeptTicket.requireClosed(file);
        byte[] octets = read(file, KEY_LENGTH + 1);
        if (octets.length != KEY_LENGTH) {
            throw new IOException(
                    file
                            + " has "
                            + (octets.length > KEY_LENGTH ? "more" : "fewer")
                            + " than the 32 octets of a key that seals tickets; name another file,"
                            + " or remove this one together with the ticket");
        }
        return SecretBytes.owning(octets);
    }

    private static byte[] read(Path file, int most) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        } catch (AccessDeniedException denied) {
            throw new IOException(
                    file
                            + " cannot be read by user "
                            + System.getProperty("user.name")
                            + ": it belongs to another one; name a file of your own in the table"
                            + " `ticket`, or start the client as its owner",
                    denied);
        }
    }

    /// The session of an earlier run, where there is one that serves this client now. What is there
    /// and does not is left as it is, until a new ticket takes its place.
    @Nullable ResumableSession load(Identity identity, String domain, long nowSeconds)
            throws IOException {
        byte[] octets;
        if (file == null) {
            return null;
        }
        try {
            octets = read(file, KeptSession.MAXIMUM_LENGTH + 1);
        } catch (NoSuchFileException none) {
            return null;
        }
        KeptTicket.requireClosed(file);
        return switch (KeptSession.open(octets, key)) {
            case KeptSession.Opened.Refused(String reason) -> {
                LOG.warn("{} {}; the client begins with a full exchange", file, reason);
                yield null;
            }
            case KeptSession.Opened.Valid(ResumableSession kept) -> {
                if (!kept.session().initiator().equals(identity)
                        || !kept.session().domain().equals(domain)) {
                    LOG.warn(
                            "the ticket in {} is of {} in {}, not of {} in {}; the client begins"
                                    + " with a full exchange",
                            file,
                            kept.session().initiator(),
                            kept.session().domain(),
                            identity,
                            domain);
                    yield null;
                }
                if (!OwnerFile.isRemovable(file)) {
                    LOG.warn(
                            "the ticket in {} cannot be removed once it is used, as its directory"
                                    + " cannot be written to; the client begins with a full"
                                    + " exchange",
                            file);
                    yield null;
                }
                known = kept;
                written = kept.ticket();
                yield kept.isValidAt(nowSeconds) ? kept.attempted() : null;
            }
        };
    }

    /// What the client would resume by, before anything leaves that follows from it: a ticket that
    /// it is not, is used.
    void spent(@Nullable ResumableSession session) {
        if (file == null) {
            return;
        }
        synchronized (turn) {
            Octets there = written;
            if (there != null && !isOf(session, there)) {
                known = null;
                remove(file);
            }
            // It may be on its way to the file.
            ResumableSession coming = known;
            if (coming != null && !isOf(session, coming.ticket())) {
                known = null;
            }
        }
    }

    private static boolean isOf(@Nullable ResumableSession session, Octets ticket) {
        return session != null && session.ticket().equals(ticket);
    }

    private void remove(Path target) {
        written = null;
        try {
            OwnerFile.remove(target);
        } catch (IOException e) {
            LOG.error(
                    "the used ticket in {} cannot be removed ({}); remove it by hand, it may be"
                            + " used once more after a restart",
                    target,
                    e.toString());
        }
    }

    /// What the client would resume by now; null for nothing.
    void keep(@Nullable ResumableSession session) {
        if (file != null && !Objects.equals(session, known)) {
            known = session;
            writer.execute(() -> write(file, session));
        }
    }

    private void write(Path target, @Nullable ResumableSession session) {
        try {
            if (session == null) {
                synchronized (turn) {
                    OwnerFile.remove(target);
                    written = null;
                }
            } else if (isOf(known, session.ticket())) {
                put(target, session);
            }
            failed = false;
        } catch (IOException | IllegalArgumentException e) {
            if (!failed) {
                LOG.warn(
                        "the ticket cannot be kept in {} ({}); until it can, a restart of the"
                                + " client means a full exchange",
                        target,
                        e.toString());
            }
            failed = true;
            // What is there is not what the client would resume by.
            synchronized (turn) {
                remove(target);
            }
        }
    }

    private void put(Path target, ResumableSession session) throws IOException {
        OwnerFile.Written fresh =
                OwnerFile.written(target, KeptSession.seal(session, key, entropy));
        synchronized (turn) {
            if (isOf(known, session.ticket())) {
                fresh.put();
                written = session.ticket();
                return;
            }
        }
        fresh.discard();
    }

    /// Waits until everything is written. The endpoint's thread has ended before.
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LONGEST_WRITE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the disk under {} does not answer, the last ticket may be lost", file);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.close();
        key.close();
    }
}
