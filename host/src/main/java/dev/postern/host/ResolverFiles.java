package dev.postern.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
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
import java.util.Arrays;

/// The file that the C library's resolver reads: replaced as a whole and with the owner and mode
/// that it had, or written in place where it is a mount or behind a link.
final class ResolverFiles {
    /// The first line of what we write: without it the file is somebody else's by now.
    static final String MARK = "# Written by a Postern client, which puts back what was here.";

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

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

    /// Whether the file is a mount of its own, as in containers and network namespaces: this
    /// process's mounts say so.
    static boolean isMounted(Path file) {
        try {
            String place = file.toRealPath().toString();
            return Files.readAllLines(MOUNTS).stream()
                    .map(line -> line.split(" "))
                    .anyMatch(words -> words.length > 4 && unescaped(words[4]).equals(place));
        } catch (IOException hidden) {
            return false;
        }
    }

    /// Blanks and the like are written as three octal digits.
    private static String unescaped(String word) {
        return word.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    /// Whoever reads meanwhile finds the old text or the new one. What is mounted or linked to is
    /// somebody's arrangement and stays the file that it is: it is written in place.
    ///
    /// @throws IOException also where a link leads nowhere
    static void replace(Path file, String text) throws IOException {
        boolean linked = Files.isSymbolicLink(file);
        if (linked && Files.notExists(file)) {
            throw new IOException(
                    file
                            + " is a link to "
                            + Files.readSymbolicLink(file)
                            + ", which does not exist, and is left alone; whoever keeps the"
                            + " host's names has made it: start that, or remove the link");
        }
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (linked || isMounted(target)) {
            writeInPlace(target, text);
            return;
        }
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
            // It is mounted after all, where nobody may see the mounts.
            if (!Files.isWritable(target) || !Files.isRegularFile(target)) {
                throw busy;
            }
            writeInPlace(target, text);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /// In one piece, whose end is empty lines where the old text was longer: who dies before they
    /// are cut off leaves a file that means the same.
    private static void writeInPlace(Path target, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel =
                FileChannel.open(target, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            byte[] padded = Arrays.copyOf(octets, (int) Math.max(octets.length, channel.size()));
            Arrays.fill(padded, octets.length, padded.length, (byte) '\n');
            ByteBuffer all = ByteBuffer.wrap(padded);
            while (all.hasRemaining()) {
                channel.write(all);
            }
            channel.truncate(octets.length);
            channel.force(true);
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
