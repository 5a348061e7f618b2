package dev.postern.grid;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Keeps over a restart under which epoch this node has last owned what has its epochs in nonces
/// ([dev.postern.cluster.Takeover#isKept]): a line each. All who remember may be gone when it owns
/// that again. For any thread.
final class EpochsFile {
    private static final Logger LOG = LoggerFactory.getLogger(EpochsFile.class);
    private static final String ENDING = ".epochs";
    private static final String WAY_OUT =
            "remove it while another member of the cluster runs, which knows the epochs";

    private final @Nullable LinesFile file;
    private final Map<String, Long> epochs = new TreeMap<>();
    private boolean failing;

    /// @param state beside which it lies; null for memory alone
    /// @throws IOException if the file cannot be read, or is not good; names the file and the way
    ///   out
    EpochsFile(@Nullable Path state) throws IOException {
        if (state == null) {
            file = null;
            return;
        }
        file = new LinesFile(state.resolveSibling(state.getFileName() + ENDING), WAY_OUT);
        for (String line : file.read()) {
            String[] words = line.split(" ", 2);
            epochs.put(words.length < 2 ? "" : words[1], file.number("an epoch", words[0]));
        }
    }

    /// Under which this node has owned a thing last; 0 for none.
    synchronized long last(String thing) {
        return epochs.getOrDefault(thing, 0L);
    }

    /// Returns when it outlives a restart of the machine.
    ///
    /// @return false where it does not, which is told once until it does again; nothing may happen
    ///   under the epoch then
    synchronized boolean keep(String thing, long epoch) {
        epochs.put(thing, epoch);
        if (file == null) {
            return true;
        }
        try {
            file.replaceDurably(lines());
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.error(
                        "{} cannot be written: {}; this member takes nothing over until it can:"
                                + " free the disk, or let the gateway write there",
                        file,
                        e.toString());
            }
            failing = true;
        }
        return !failing;
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "# Epochs of what this member has taken over. Kept by the gateway; without them"
                        + " keys would see a nonce again.");
        epochs.forEach((thing, epoch) -> lines.add(epoch + " " + thing));
        return lines;
    }
}
