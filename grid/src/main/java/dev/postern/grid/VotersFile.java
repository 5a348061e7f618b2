package dev.postern.grid;

import dev.postern.cluster.Electorate;
import dev.postern.wire.PrintableText;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Keeps over a restart which nodes made the last primary view, and which one that was: a line
/// each. On the cluster's thread.
final class VotersFile {
    private static final Logger LOG = LoggerFactory.getLogger(VotersFile.class);

    private static final String GENERATION = "generation ";
    private static final String WAY_OUT =
            "without the file this gateway goes by the configured members";
    private static final int LONGEST = 80;

    private final @Nullable LinesFile file;

    private @Nullable Electorate written;
    private boolean failing;

    VotersFile(@Nullable Path file) {
        this.file = file == null ? null : new LinesFile(file, WAY_OUT);
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
        long generation = 1;
        Set<String> nodes = new TreeSet<>();
        for (String line : file.read()) {
            if (line.startsWith(GENERATION)) {
                generation =
                        file.number("the generation", line.substring(GENERATION.length()).strip());
            } else if (configured.contains(line)) {
                nodes.add(line);
            } else {
                LOG.warn(
                        "{}: \"{}\" is no node of [[cluster.member]], and is passed over",
                        file,
                        PrintableText.of(line, LONGEST));
            }
        }
        return nodes.isEmpty() ? null : Electorate.atStart(generation, nodes);
    }

    /// A file that cannot be written holds nobody up, and is told of once until it can.
    void write(Electorate electorate) {
        if (file == null || electorate.equals(written)) {
            return;
        }
        try {
            List<String> lines = new ArrayList<>();
            lines.add("# The members of the cluster when it last agreed. Kept by the gateway.");
            lines.add(GENERATION + electorate.generation());
            lines.addAll(new TreeSet<>(electorate.nodes()));
            file.replace(lines);
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
