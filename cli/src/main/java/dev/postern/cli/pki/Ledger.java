package dev.postern.cli.pki;

import dev.postern.pki.issue.Revoked;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What an authority has issued and revoked, a line each: serial number, SHA-256 of the
/// certificate, its end, when and why it was revoked, and whose it is.
final class Ledger {
    /// RFC 5280 section 3.3: an entry stands on a list after its certificate has expired.
    private static final Duration LONGER_THAN_EXPIRED = Duration.ofDays(60);

    private static final String HEAD =
            "# serial sha256 expires revoked reason names; written by postern pki\n";
    private static final String NONE = "-";
    private static final int COLUMNS = 6;

    /// @param revoked null where it is not
    record Entry(
            BigInteger serial,
            String fingerprint,
            Instant notAfter,
            @Nullable Revoked revoked,
            String names) {
        Entry revokedAt(Instant at, Revoked.Reason reason) {
            return new Entry(serial, fingerprint, notAfter, new Revoked(serial, at, reason), names);
        }

        private String line() {
            return serial.toString(16)
                    + " "
                    + fingerprint
                    + " "
                    + notAfter
                    + " "
                    + (revoked == null
                            ? NONE + " " + NONE
                            : revoked.at() + " " + word(revoked.reason()))
                    + " "
                    + names
                    + "\n";
        }
    }

    private final Path file;
    private final List<Entry> entries;

    private Ledger(Path file, List<Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /// @throws PkiFailure where a line cannot be read: what was revoked is then unknown
    static Ledger read(Path file) throws IOException, PkiFailure {
        List<Entry> entries = new ArrayList<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException first) {
            lines = List.of();
        }
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank() && !lines.get(i).startsWith("#")) {
                entries.add(parse(lines.get(i), file + ":" + (i + 1)));
            }
        }
        return new Ledger(file, entries);
    }

    private static Entry parse(String line, String place) throws PkiFailure {
        String[] words = line.split(" ", COLUMNS);
        try {
            BigInteger serial = new BigInteger(words[0], 16);
            return new Entry(
                    serial,
                    words[1],
                    Instant.parse(words[2]),
                    words[3].equals(NONE)
                            ? null
                            : new Revoked(serial, Instant.parse(words[3]), reason(words[4])),
                    words[5]);
        } catch (IllegalArgumentException | DateTimeException | ArrayIndexOutOfBoundsException e) {
            throw new PkiFailure(
                    place
                            + ": not a line of a ledger, so it is unknown what was revoked; mend"
                            + " the line or take the file from a backup");
        }
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    void add(Entry entry) throws IOException {
        entries.add(entry);
        write();
    }

    /// Puts this entry in the place of the one with its serial number, or at the end.
    void put(Entry entry) throws IOException {
        entries.removeIf(each -> each.serial().equals(entry.serial()));
        add(entry);
    }

    /// What a list of this instant holds.
    List<Revoked> revoked(Instant at) {
        List<Revoked> revoked = new ArrayList<>();
        for (Entry each : entries) {
            if (each.revoked() != null && each.notAfter().plus(LONGER_THAN_EXPIRED).isAfter(at)) {
                revoked.add(each.revoked());
            }
        }
        return revoked;
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        entries.forEach(each -> text.append(each.line()));
        NewFiles.replace(file, text.toString());
    }

    static String word(Revoked.Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @throws IllegalArgumentException where there is no such reason
    static Revoked.Reason reason(String word) {
        return Revoked.Reason.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
