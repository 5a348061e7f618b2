package dev.postern.grid;

import dev.postern.wire.PrintableText;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A short text that a member remembers over a restart: lines, of which those with `#` are for
/// people. It is replaced as a whole, so that a crash leaves the one before.
final class LinesFile {
    private static final int LONGEST = 80;

    private final Path file;
    private final String wayOut;

    /// @param wayOut what whoever finds it damaged can do, after a semicolon
    LinesFile(Path file, String wayOut) {
        this.file = file;
        this.wayOut = wayOut;
    }

    /// What it says; nothing where it is not there yet.
    ///
    /// @throws IOException if it cannot be read, or is no text; names the file and the way out
    List<String> read() throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (NoSuchFileException first) {
            return List.of();
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": this is no text; " + wayOut, e);
        }
    }

    /// An unsigned number of a line.
    ///
    /// @param what it counts, with its article
    long number(String what, String digits) throws IOException {
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            String seen = PrintableText.of(digits, LONGEST);
            throw new IOException(
                    file + ": " + what + " is \"" + seen + "\", not a number; " + wayOut, e);
        }
    }

    /// Returns when the lines outlive the process.
    void replace(List<String> lines) throws IOException {
        Path beside = beside();
        Files.write(beside, lines, StandardCharsets.UTF_8);
        move(beside);
    }

    /// Returns when the lines outlive a loss of power, which takes a disk its time.
    void replaceDurably(List<String> lines) throws IOException {
        Path beside = beside();
        try (FileChannel channel =
                FileChannel.open(
                        beside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer octets = StandardCharsets.UTF_8.encode(String.join("\n", lines) + "\n");
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        move(beside);
        try (FileChannel directory =
                FileChannel.open(
                        file.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    private Path beside() {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    private void move(Path beside) throws IOException {
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
