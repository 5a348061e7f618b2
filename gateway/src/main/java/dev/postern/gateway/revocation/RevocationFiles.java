package dev.postern.gateway.revocation;

import dev.postern.gateway.configuration.CertificateSettings;
import dev.postern.pki.RevocationEvidence;
import dev.postern.pki.UnreadableException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Revocation lists in files that are read again once they have changed. A file that became bad is
/// told of, and what it said before stays. For one thread at a time.
final class RevocationFiles {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationFiles.class);

    private final List<Path> files;
    private final Map<Path, RevocationEvidence> evidence = new HashMap<>();
    private final Map<Path, FileTime> seen = new HashMap<>();

    private RevocationFiles(List<Path> files) {
        this.files = files;
        look();
    }

    /// The files of these tables; the tables' readers have found them good a moment ago.
    static RevocationFiles of(List<CertificateSettings> settings) {
        return new RevocationFiles(
                settings.stream().flatMap(each -> each.lists().stream()).distinct().toList());
    }

    /// All that the files say.
    RevocationEvidence evidence() {
        RevocationEvidence all = RevocationEvidence.NONE;
        for (RevocationEvidence each : evidence.values()) {
            all = all.and(each);
        }
        return all;
    }

    /// Whether anything has changed.
    boolean look() {
        boolean changed = false;
        for (Path file : files) {
            changed |= look(file);
        }
        return changed;
    }

    private boolean look(Path file) {
        FileTime time = changedAt(file);
        FileTime before = seen.get(file);
        if (time == null || time.equals(before)) {
            return false;
        }
        seen.put(file, time);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(RevocationEvidence.LONGEST_LIST + 1);
            evidence.put(
                    file, RevocationEvidence.ofOperator(RevocationEvidence.decodeLists(octets)));
            LOG.info("{}: the revocation list is read{}", file, before == null ? "" : " again");
            return true;
        } catch (IOException | UnreadableException e) {
            LOG.error(
                    "{} has changed and cannot be used, what it said before stays: {}",
                    file,
                    e.getMessage());
            return false;
        }
    }

    private static @Nullable FileTime changedAt(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return null;
        }
    }
}
