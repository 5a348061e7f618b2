package dev.postern.gateway.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/// A file that is written as a whole and belongs to its owner alone.
public final class OwnerFile {
    private static final FileAttribute<Set<PosixFilePermission>> OURS_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final int MOST_LINKS = 40;

    private OwnerFile() {}

    /// Whoever opens the file meanwhile, or after a crash at any instant, finds the old octets or
    /// the new ones, and nobody else finds either. Where the path is a symbolic link, what it names
    /// is replaced.
    public static void replace(Path file, byte[] octets) throws IOException {
        written(file, octets).put();
    }

    /// The first half of that, which waits for the disk.
    public static Written written(Path file, byte[] octets) throws IOException {
        Path target = named(file);
        Path beside = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(beside);
        create(beside, octets);
        return new Written(beside, target);
    }

    /// What is to take a file's place.
    public record Written(Path beside, Path target) {
        public void put() throws IOException {
            Files.move(
                    beside,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }

        public void discard() throws IOException {
            Files.deleteIfExists(beside);
        }
    }

    /// Removes the file, or what a symbolic link names.
    ///
    /// @return whether it was there
    public static boolean remove(Path file) throws IOException {
        return Files.deleteIfExists(named(file));
    }

    /// Whether the file could be removed as things stand: not on a disk that is mounted read-only.
    public static boolean isRemovable(Path file) throws IOException {
        Path directory = named(file).getParent();
        return directory != null && Files.isWritable(directory);
    }

    /// Also where a link leads to nothing yet.
    static Path named(Path file) throws IOException {
        Path named = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(named); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemLoopException(file.toString());
            }
            named = named.resolveSibling(Files.readSymbolicLink(named));
        }
        return named;
    }

    /// Writes a file that is not there yet. Whoever opens it meanwhile, or after a crash at any
    /// instant, finds all of it or nothing, and of several that write it at once one does.
    ///
    /// @throws FileAlreadyExistsException where it is there
    public static void createWhole(Path file, byte[] octets) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = Objects.requireNonNullElse(target.getParent(), target);
        Path beside =
                Files.createTempFile(directory, target.getFileName() + ".", ".new", OURS_ALONE);
        try {
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                fill(channel, octets);
            }
            Files.createLink(target, beside);
        } catch (FileAlreadyExistsException there) {
            throw there;
        } catch (FileSystemException | UnsupportedOperationException withoutLinks) {
            create(target, octets);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /// Writes a file that is not there yet; where it cannot be written, none is left.
    ///
    /// @throws FileAlreadyExistsException where it is
    public static void create(Path file, byte[] octets) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        OURS_ALONE)) {
            try {
                fill(channel, octets);
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        }
    }

    private static void fill(FileChannel channel, byte[] octets) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(octets);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        channel.force(true);
    }
}
