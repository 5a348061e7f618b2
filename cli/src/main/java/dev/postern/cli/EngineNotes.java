package dev.postern.cli;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/// Which warnings of the cluster's engine an operator sees. It warns of each try of a member that
/// cannot come in, several times a second: of those that differ in numbers alone one a minute is
/// enough.
final class EngineNotes implements Filter {
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int MOST = 256;

    /// Who connects and leaves: a member that looks whether this process has ended, or one that was
    /// refused, which has been said in other words.
    private static final String LEFT = "Socket is closed";

    private final Map<String, Instant> said =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
                    return size() > MOST;
                }
            };

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
        return isNews(name + text.replaceAll("[0-9]+", "#"), record.getInstant());
    }

    /// Whether a logger of this name is the engine's.
    static boolean isOfEngine(@Nullable String name) {
        return name != null
                && (name.startsWith("org.jgroups") || name.startsWith("org.infinispan"));
    }

    private synchronized boolean isNews(String kind, Instant now) {
        Instant before = said.get(kind);
        if (before != null && now.isBefore(before.plus(PAUSE))) {
            return false;
        }
        said.put(kind, now);
        return true;
    }
}
