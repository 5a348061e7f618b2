package dev.postern.grid;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What an operator was told lately: the same is news again after a minute. It remembers so many,
/// and forgets the oldest first. For any thread.
public final class News {
    private static final long PAUSE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private final Map<String, Long> told;

    /// @param most how many it remembers
    public News(int most) {
        told =
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                        return size() > most;
                    }
                };
    }

    /// Whether that is to be told; then it counts as told.
    ///
    /// @param nowMillis of one clock, whichever
    public synchronized boolean isNew(String text, long nowMillis) {
        Long before = told.get(text);
        if (before != null && nowMillis - before < PAUSE_MILLIS) {
            return false;
        }
        told.put(text, nowMillis);
        return true;
    }
}
