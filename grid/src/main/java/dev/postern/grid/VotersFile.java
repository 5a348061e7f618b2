package dev.postern.grid;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Keeps over a restart which nodes made the last primary view: a line each. On the cluster's
/// thread.
final class VotersFile {
    private static final Logger LOG = LoggerFactory.getLogger(VotersFile.class);

    private final @Nullable Path file;
    private Set<String> written = Set.of();

    VotersFile(@Nullable Path file) {
        this.file = file;
    }

    /// The nodes of the last run; empty where there was none.
    Set<String> read() throws IOException {
        if (file == null) {
            return Set.of();
        }
        try {
            Set<String> nodes = new TreeSet<>();
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    nodes.add(line.strip());
                }
            }
            written = nodes;
            return nodes;
        } catch (NoSuchFileException first) {
            return Set.of();
        }
    }

    void write(Set<String> nodes) {
        if (file == null || nodes.equals(written)) {
            return;
        }
        try {
            Path beside = file.resolveSibling(file.getFileName() + ".new");
            List<String> lines = new ArrayList<>();
            lines.add("# The members of the cluster when it last agreed. Kept by the gateway.");
            lines.addAll(new TreeSet<>(nodes));
            Files.write(beside, lines, StandardCharsets.UTF_8);
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            written = Set.copyOf(nodes);
        } catch (IOException e) {
            LOG.warn("the members of the cluster cannot be written to {}: {}", file, e.toString());
        }
    }
}
