package dev.postern.cli;

import dev.postern.grid.News;

import org.jspecify.annotations.Nullable;

import java.util.logging.Filter;
import java.util.logging.LogRecord;

/// Which warnings of the cluster's engine an operator sees. It warns of each try of a member that
/// cannot come in, several times a second: of those that differ in numbers alone one a minute is
/// enough.
final class EngineNotes implements Filter {
    private static final int MOST = 256;

    /// Who connects and leaves: a member that looks whether this process has ended, or one that was
    /// refused, which has been said in other words.
    private static final String LEFT = "Socket is closed";

    private final News news = new News(MOST);

    @Override
    public boolean isLoggable(LogRecord record) {
        String name = record.getLoggerName();
        if (!isOfEngine(name)) {
            return true;
        }
        String text = String.valueOf(record.getMessage());
        if (text.contains(LEFT)) {
            return false;
        }
        return news.isNew(name + text.replaceAll("[0-9]+", "#"), record.getMillis());
    }

    /// Whether a logger of this name is the engine's.
    static boolean isOfEngine(@Nullable String name) {
        return name != null
                && (name.startsWith("org.jgroups") || name.startsWith("org.infinispan"));
    }
}
