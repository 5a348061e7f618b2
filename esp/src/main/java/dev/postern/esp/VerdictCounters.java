package dev.postern.esp;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// How many packets met each fate. One thread counts, any thread reads; a reader may be a moment
/// late but never sees a torn value.
public final class VerdictCounters {
    private final EnumMap<Verdict, AtomicLong> counts;

    public VerdictCounters() {
        counts = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            counts.put(verdict, new AtomicLong());
        }
    }

    void count(Verdict verdict) {
        AtomicLong count = counter(verdict);
        count.setOpaque(count.getPlain() + 1);
    }

    public long of(Verdict verdict) {
        return counter(verdict).getOpaque();
    }

    private AtomicLong counter(Verdict verdict) {
        AtomicLong count = counts.get(verdict);
        if (count == null) {
            throw new IllegalStateException("no counter for " + verdict);
        }
        return count;
    }

    /// Only the fates that packets have met.
    @Override
    public String toString() {
        EnumMap<Verdict, Long> met = new EnumMap<>(Verdict.class);
        for (Map.Entry<Verdict, AtomicLong> entry : counts.entrySet()) {
            long count = entry.getValue().getOpaque();
            if (count > 0) {
                met.put(entry.getKey(), count);
            }
        }
        return met.toString();
    }
}
