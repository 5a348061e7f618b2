package dev.postern.grid;

import dev.postern.cluster.Electorate;
import dev.postern.wire.PrintableText;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Keeps over a restart which nodes made the last primary view, and which one that was: a line
/// each. On the cluster's thread.
final class VotersFile {
    private static final Logger LOG = LoggerFactory.getLogger(VotersFile.class);

    private static final String GENERATION = "generation ";
    private static final String WITHOUT =
            "; without the file this gateway goes by the configured members";
    private static final int LONGEST = 80;

    private final @Nullable Path file;

    private @Nullable Electorate written;
    private boolean failing;

    VotersFile(@Nullable Path file) {
        this.file = file;
    }

    /// By whom the last run went; null where there was none. A line that is no node of the
    /// configuration is passed over: nobody could ever see that one, or refuse in its place. A
    /// later version may have written it, or the list of members was longer.
    ///
    /// @param configured every node of the cluster
    /// @throws IOException if the file cannot be read, or is no text; names the file and the way
    ///   out
    @Nullable Electorate read(Set<String> configured) throws IOException {
        if (file == null) {
            return null;
        }
        try {
            long generation = 1;
            Set<String> nodes = new TreeSet<>();
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                if (line.startsWith(GENERATION)) {
                    generation = generation(line.substring(GENERATION.length()).strip());
                } else if (configured.contains(line.strip())) {
                    nodes.add(line.strip());
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    LOG.warn(
                            "{}: \"{}\" is no node of [[cluster.member]], and is passed over",
                            file,
                            PrintableText.of(line.strip(), LONGEST));
                }
            }
            return nodes.isEmpty() ? null : Electorate.atStart(generation, nodes);
        } catch (NoSuchFileException first) {
            return null;
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": this is no text" + WITHOUT, e);
        }
    }

    private long generation(String digits) throws IOException {
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw new IOException(
                    file
                            + ": the generation is \""
                            + PrintableText.of(digits, LONGEST)
                            + "\", not a number"
                            + WITHOUT,
                    e);
        }
    }

    /// A file that cannot be written holds nobody up, and is told of once until it can.
    void write(Electorate electorate) {
        if (file == null || electorate.equals(written)) {
            return;
        }
        try {
            Path beside = file.resolveSibling(file.getFileName() + ".new");
            List<String> lines = new ArrayList<>();
            lines.add("# The members of the cluster when it last agreed. Kept by the gateway.");
            lines.add(GENERATION + electorate.generation());
            lines.addAll(new TreeSet<>(electorate.nodes()));
            Files.write(beside, lines, StandardCharsets.UTF_8);
            Files.move(
                    beside,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            written = electorate;
            if (failing) {
                LOG.info("the members of the cluster are in {} again", file);
            }
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn(
                        "the members of the cluster cannot be written to {}: {}; what stands there"
                                + " is an earlier view, and it is tried again until it works",
                        file,
                        e.toString());
            }
            failing = true;
        }
    }
}
