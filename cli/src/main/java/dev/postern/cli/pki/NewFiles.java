package dev.postern.cli.pki;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/// Files as this command writes them: on the disk before it says so, secrets closed to others from
/// their first octet on, and nothing overwritten.
final class NewFiles {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            permissions("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> READABLE =
            permissions("rw-r--r--");

    private NewFiles() {}

    /// Refuses early what would be refused half-way.
    static void demandAbsent(List<Path> files) throws IOException {
        for (Path file : files) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(file.toString());
            }
        }
    }

    /// A file that only its owner reads.
    static void secret(Path file, byte[] octets) throws IOException {
        create(file, octets, OWNER_ONLY);
    }

    static void open(Path file, String text) throws IOException {
        create(file, text.getBytes(StandardCharsets.UTF_8), READABLE);
    }

    private static void create(
            Path file, byte[] octets, FileAttribute<Set<PosixFilePermission>> permissions)
            throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        permissions)) {
            fill(channel, file, octets);
        }
    }

    /// A file of which a part was written, as on a full disk, does not stay.
    private static void fill(FileChannel channel, Path file, byte[] octets) throws IOException {
        try {
            ByteBuffer rest = ByteBuffer.wrap(octets);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw new IOException(
                    file + " cannot be written: " + e.getMessage() + "; nothing of it is left", e);
        }
    }

    /// Replaces a file at once: whoever reads sees the old one or the new one.
    static void replace(Path file, String text) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        open(beside, text);
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// One block of RFC 7468.
    static String pem(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }
}
