package dev.postern.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/// The file that the C library's resolver reads, replaced as a whole and with the owner and mode
/// that it had.
final class ResolverFiles {
    /// The first line of what we write: without it the file is somebody else's by now.
    static final String MARK = "# Written by a Postern client, which puts back what was here.";

    private ResolverFiles() {}

    /// Empty where there is no file.
    static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException none) {
            return "";
        }
    }

    static boolean isOurs(Path file) throws IOException {
        return read(file).startsWith(MARK);
    }

    /// Whoever reads meanwhile finds the old text or the new one. A symbolic link stays, and what
    /// it names is replaced.
    static void replace(Path file, String text) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path beside = target.resolveSibling(target.getFileName() + ".postern");
        Files.deleteIfExists(beside);
        Files.write(
                beside,
                text.getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.DSYNC);
        try {
            if (Files.exists(target)) {
                takeAfter(target, beside);
            }
            Files.move(
                    beside,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException busy) {
            // A file that is mounted on its own, as in containers, cannot be renamed over.
            if (!Files.isWritable(target) || !Files.isRegularFile(target)) {
                throw busy;
            }
            Files.write(
                    target,
                    text.getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DSYNC);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static void takeAfter(Path model, Path copy) throws IOException {
        PosixFileAttributes had =
                Files.readAttributes(model, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributeView view =
                Files.getFileAttributeView(copy, PosixFileAttributeView.class);
        view.setPermissions(had.permissions());
        view.setGroup(had.group());
        view.setOwner(had.owner());
    }
}
