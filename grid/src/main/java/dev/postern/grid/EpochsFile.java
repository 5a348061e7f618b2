package dev.postern.grid;

import dev.postern.wire.PrintableText;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
import java.util.Map;
import java.util.TreeMap;

/// Keeps over a restart under which epoch this node has last owned what has its epochs in nonces
/// ([dev.postern.cluster.Takeover#isKept]): a line each. All who remember may be gone when it owns
/// that again. For any thread.
final class EpochsFile {
    private static final Logger LOG = LoggerFactory.getLogger(EpochsFile.class);
    private static final String ENDING = ".epochs";
    private static final int LONGEST = 80;

    private final @Nullable Path file;
    private final Map<String, Long> epochs = new TreeMap<>();
    private boolean failing;

    /// @param state beside which it lies; null for memory alone
    /// @throws IOException if the file cannot be read, or is not good; names the file and the way
    ///   out
    EpochsFile(@Nullable Path state) throws IOException {
        this.file = state == null ? null : state.resolveSibling(state.getFileName() + ENDING);
        if (file != null) {
            read(file);
        }
    }

    private void read(Path from) throws IOException {
        try {
            for (String line : Files.readAllLines(from, StandardCharsets.UTF_8)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] words = line.strip().split(" ", 2);
                    epochs.put(words.length < 2 ? "" : words[1], epoch(from, words[0]));
                }
            }
        } catch (NoSuchFileException first) {
            LOG.debug("{} is not there yet", from);
        } catch (CharacterCodingException e) {
            throw new IOException(from + ": this is no text" + wayOut(), e);
        }
    }

    private static long epoch(Path from, String digits) throws IOException {
        try {
            return Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw new IOException(
                    from
                            + ": an epoch is \""
                            + PrintableText.of(digits, LONGEST)
                            + "\", not a number"
                            + wayOut(),
                    e);
        }
    }

    private static String wayOut() {
        return "; remove it while another member of the cluster runs, which knows the epochs";
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
            write(file);
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

    private void write(Path to) throws IOException {
        StringBuilder text = new StringBuilder("# Epochs of what this member has taken over. Kept");
        text.append(" by the gateway; without them keys would see a nonce again.\n");
        epochs.forEach((thing, epoch) -> text.append(epoch).append(' ').append(thing).append('\n'));
        Path beside = to.resolveSibling(to.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        beside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer octets = StandardCharsets.UTF_8.encode(text.toString());
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
            channel.force(true);
        }
        Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory =
                FileChannel.open(
                        to.toAbsolutePath().resolveSibling("."), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
