package dev.postern.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The file in which a running process says what it has changed on the host, the oldest first. It
/// is on the disk before the change is made; it is gone when nothing is left to undo.
///
///     process 4711 98765
///     rules-added 5100
public final class Journal {
    private static final int LARGEST = 4 << 20;

    private final Path file;
    private long owner;
    private final long ownerStart;
    private final List<Change> changes = new ArrayList<>();

    private Journal(Path file, long owner, long ownerStart) {
        this.file = file;
        this.owner = owner;
        this.ownerStart = ownerStart;
    }

    /// An empty one of this process. Nothing is written before the first change.
    public static Journal begin(Path file) {
        ProcessHandle self = ProcessHandle.current();
        return new Journal(file, self.pid(), started(self));
    }

    /// One of this process that begins with changes which another one has made.
    static Journal of(Path file, List<Change> inherited) throws IOException {
        Journal journal = begin(file);
        if (!inherited.isEmpty()) {
            journal.changes.addAll(inherited);
            journal.write();
        }
        return journal;
    }

    /// What another process, or this one, has left there; empty where there is nothing.
    public static Optional<Journal> read(Path file) throws IOException {
        List<String> lines;
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException(file + " is too large for what a client writes there");
            }
            lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        long pid = 0;
        long start = 0;
        String[] first = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ");
        if (first.length == 3 && first[0].equals("process")) {
            try {
                pid = Long.parseLong(first[1]);
                start = Long.parseLong(first[2]);
            } catch (NumberFormatException spoilt) {
                pid = 0;
            }
        }
        Journal journal = new Journal(file, pid, start);
        lines.stream().map(Change::parse).flatMap(Optional::stream).forEach(journal.changes::add);
        return Optional.of(journal);
    }

    /// Whether the process that wrote it still runs: then it is not ours to undo.
    public synchronized boolean isInUse() {
        return owner > 0
                && ProcessHandle.of(owner)
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> started(process) == ownerStart)
                        .isPresent();
    }

    /// A process number is given again; with its start it is not.
    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    public Path file() {
        return file;
    }

    public synchronized long owner() {
        return owner;
    }

    public synchronized List<Change> changes() {
        return List.copyOf(changes);
    }

    /// @throws IOException where it cannot be written down: then the change must not be made
    public synchronized void add(Change change) throws IOException {
        changes.add(change);
        try {
            write();
        } catch (IOException e) {
            changes.removeLast();
            throw new IOException(
                    "what is about to change cannot be noted in " + file + ": " + e.getMessage(),
                    e);
        }
    }

    /// It is undone.
    public synchronized void remove(Change change) throws IOException {
        if (changes.remove(change)) {
            write();
        }
    }

    /// Makes the directory that a file of ours is to stand in, where it is not there.
    static void makeDirectory(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null && Files.notExists(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    /// Leaves to another process what is not undone, as if this one had ended.
    public synchronized void leave() throws IOException {
        owner = 0;
        write();
    }

    private void write() throws IOException {
        if (changes.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        StringBuilder text = new StringBuilder("process " + owner + " " + ownerStart).append('\n');
        changes.forEach(change -> text.append(change.line()).append('\n'));
        makeDirectory(file);
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try (FileChannel channel =
                FileChannel.open(
                        beside,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer octets = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
