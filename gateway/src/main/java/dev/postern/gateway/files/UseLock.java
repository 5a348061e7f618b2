package dev.postern.gateway.files;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Says to other processes that this one uses a file: a lock on one beside it, with `.lock` after
/// the name, which the kernel takes back when the process ends, however it does. That file holds
/// the number of the process and stays; were it removed, two processes could hold a lock each, on
/// two files of one name. Within one process it keeps nobody out.
public final class UseLock implements AutoCloseable {
    private static final int LONGEST = 32;

    private final @Nullable FileChannel channel;

    private UseLock(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /// For a file that is not used.
    public static UseLock none() {
        return new UseLock(null);
    }

    /// Takes the lock. Where none can be made, as on a disk that is mounted read-only, none is
    /// held.
    ///
    /// @return null where another process holds it
    public static @Nullable UseLock take(Path file) {
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            lockOf(file),
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return null;
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(
                            Long.toString(ProcessHandle.current().pid())
                                    .getBytes(StandardCharsets.US_ASCII)));
            return new UseLock(channel);
        } catch (IOException | OverlappingFileLockException unlocked) {
            // To close a channel gives up every lock of this process on its file.
            return new UseLock(channel);
        }
    }

    /// Who holds the lock: the number of a process; empty where that is not said, and null where
    /// nobody else holds it.
    public static @Nullable String holder(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(lockOf(file), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return null;
            }
            ByteBuffer said = ByteBuffer.allocate(LONGEST);
            channel.read(said);
            String number = new String(said.array(), 0, said.position(), StandardCharsets.US_ASCII);
            return number.matches("[0-9]+") ? number : "";
        } catch (NoSuchFileException | OverlappingFileLockException ours) {
            return null;
        }
    }

    private static Path lockOf(Path file) throws IOException {
        Path named = OwnerFile.named(file);
        return named.resolveSibling(named.getFileName() + ".lock");
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
    }
}
