package dev.postern.gateway.files;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Says to others that somebody uses a file. To other processes by a lock on one beside it, with
/// `.lock` after the name, which the kernel takes back when the process ends, however it does. That
/// file holds the number of the process and stays; were it removed, two processes could hold a lock
/// each, on two files of one name. Within one process, for which the kernel's lock is one, by a
/// register.
public final class UseLock implements AutoCloseable {
    private static final int LONGEST = 32;

    /// What this process uses.
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final @Nullable Path lock;
    private final @Nullable FileChannel channel;

    private UseLock(@Nullable Path lock, @Nullable FileChannel channel) {
        this.lock = lock;
        this.channel = channel;
    }

    /// For a file that is not used.
    public static UseLock none() {
        return new UseLock(null, null);
    }

    /// Takes the lock. Where none can be made, as on a disk that is mounted read-only, it keeps out
    /// this process alone.
    ///
    /// @return null where somebody holds it
    public static @Nullable UseLock take(Path file) {
        Path lock;
        try {
            lock = lockOf(file);
        } catch (IOException unnamed) {
            return none();
        }
        // To close a channel gives up every lock of this process on its file: none is opened twice.
        if (!OURS.add(lock)) {
            return null;
        }
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            lock,
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            if (channel.tryLock() == null) {
                channel.close();
                OURS.remove(lock);
                return null;
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(ourNumber().getBytes(StandardCharsets.US_ASCII)));
            return new UseLock(lock, channel);
        } catch (IOException | OverlappingFileLockException unlocked) {
            return new UseLock(lock, channel);
        }
    }

    /// Who holds the lock: the number of a process, which may be this one; empty where that is not
    /// said, and null where nobody holds it.
    public static @Nullable String holder(Path file) throws IOException {
        Path lock = lockOf(file);
        if (OURS.contains(lock)) {
            return ourNumber();
        }
        try (FileChannel channel =
                FileChannel.open(lock, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                return null;
            }
            ByteBuffer said = ByteBuffer.allocate(LONGEST);
            channel.read(said);
            String number = new String(said.array(), 0, said.position(), StandardCharsets.US_ASCII);
            return number.matches("[0-9]+") ? number : "";
        } catch (NoSuchFileException | OverlappingFileLockException free) {
            return null;
        }
    }

    private static String ourNumber() {
        return Long.toString(ProcessHandle.current().pid());
    }

    /// By whatever way its directory is named.
    private static Path lockOf(Path file) throws IOException {
        Path named = OwnerFile.named(file);
        Path directory = named.getParent();
        Path beside = directory == null ? named : directory.toRealPath();
        return beside.resolve(named.getFileName() + ".lock");
    }

    @Override
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException gone) {
                // The kernel takes it back with the process.
            }
        }
        if (lock != null) {
            OURS.remove(lock);
        }
    }
}
