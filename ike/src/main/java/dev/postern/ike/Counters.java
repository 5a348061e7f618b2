package dev.postern.ike;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Counts by reason. Written by the endpoint's thread, readable from any.
public final class Counters {
    private final Map<Counter, AtomicLong> counts = new EnumMap<>(Counter.class);

    public Counters() {
        for (Counter counter : Counter.values()) {
            counts.put(counter, new AtomicLong());
        }
    }

    public void add(Counter counter) {
        AtomicLong count = count(counter);
        count.lazySet(count.getPlain() + 1);
    }

    public long get(Counter counter) {
        return count(counter).get();
    }

    private AtomicLong count(Counter counter) {
        AtomicLong count = counts.get(counter);
        if (count == null) {
            throw new IllegalStateException("no count for " + counter);
        }
        return count;
    }
}
