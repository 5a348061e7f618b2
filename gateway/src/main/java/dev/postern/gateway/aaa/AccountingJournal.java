package dev.postern.gateway.aaa;

import dev.postern.radius.AccountingRecord;
import dev.postern.wire.MalformedException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/// Accounting records that no server has acknowledged, in a file, so that they survive the process.
/// A line adds a record, `+ NUMBER HEX`, or takes it away, `- NUMBER`; a line that was cut by a
/// crash is passed over. Each line reaches the kernel before the record is sent: the death of the
/// process loses nothing, the death of the machine the last moments. On the RADIUS thread.
final class AccountingJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccountingJournal.class);
    private static final int LINES_BEFORE_COMPACTION = 20_000;

    private final Path file;
    private final TreeMap<Long, AccountingRecord> pending = new TreeMap<>();
    private BufferedWriter writer;
    private int lines;

    /// Reads what is there, and begins a compact file.
    AccountingJournal(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            // Every octet is a character of Latin-1: a damaged line is passed over like a cut one.
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                read(line);
            }
        }
        this.writer = compacted();
    }

    /// The records that were left, by their numbers.
    Map<Long, AccountingRecord> pending() {
        return new TreeMap<>(pending);
    }

    /// A number above all that were used.
    long nextNumber() {
        return pending.isEmpty() ? 1 : pending.lastKey() + 1;
    }

    void add(long number, AccountingRecord record) {
        pending.put(number, record);
        write(line(number, record));
    }

    void remove(long number) {
        if (pending.remove(number) != null) {
            write("- " + number + "\n");
        }
    }

    private void read(String line) {
        String[] words = line.split(" ", -1);
        try {
            if (words.length == 3 && words[0].equals("+")) {
                byte[] octets = HexFormat.of().parseHex(words[2]);
                pending.put(Long.parseLong(words[1]), AccountingRecord.decode(octets));
            } else if (words.length == 2 && words[0].equals("-")) {
                pending.remove(Long.parseLong(words[1]));
            }
        } catch (IllegalArgumentException | MalformedException e) {
            LOG.warn("{}: a line of the accounting journal is not readable and is left out", file);
        }
    }

    private static String line(long number, AccountingRecord record) {
        return "+ " + number + " " + HexFormat.of().formatHex(record.encode()) + "\n";
    }

    private void write(String line) {
        try {
            writer.write(line);
            writer.flush();
            if (++lines > LINES_BEFORE_COMPACTION && lines > 4 * pending.size()) {
                writer.close();
                writer = compacted();
            }
        } catch (IOException e) {
            LOG.error("{}: the accounting journal cannot be written: {}", file, e.getMessage());
        }
    }

    private BufferedWriter compacted() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (BufferedWriter first = Files.newBufferedWriter(fresh, StandardCharsets.US_ASCII)) {
            for (Map.Entry<Long, AccountingRecord> entry : pending.entrySet()) {
                first.write(line(entry.getKey(), entry.getValue()));
            }
        }
        try {
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
        lines = pending.size();
        return Files.newBufferedWriter(file, StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            LOG.error("{}: the accounting journal did not close: {}", file, e.getMessage());
        }
    }
}
