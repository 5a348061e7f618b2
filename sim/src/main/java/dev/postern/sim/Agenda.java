package dev.postern.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/// What is to be done, in the order of the simulated time; what is due at one instant happens in
/// the order in which it was planned.
final class Agenda {
    private record Entry(long at, long order, Runnable action) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(
                    Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
    private long now;
    private long order;

    long now() {
        return now;
    }

    void at(long instant, Runnable action) {
        entries.add(new Entry(Math.max(now, instant), order++, action));
    }

    void in(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    void soon(Runnable action) {
        at(now, action);
    }

    /// The instant of the first entry, or `Long.MAX_VALUE`.
    long next() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.at();
    }

    void advanceTo(long instant) {
        now = Math.max(now, instant);
    }

    void runNext() {
        Entry first = entries.poll();
        if (first != null) {
            advanceTo(first.at());
            first.action().run();
        }
    }
}
