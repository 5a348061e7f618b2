package dev.postern.sim;

import java.util.Comparator;
import java.util.PriorityQueue;

/// What is to be done, in the order of the simulated time; what is due at one instant happens in
/// the order in which it was planned.
public final class Agenda {
    private record Entry(long at, long order, Runnable action) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(
                    Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
    private long now;
    private long order;

    /// In nanoseconds since the start of the run.
    public long now() {
        return now;
    }

    /// An instant that has passed is the present one.
    public void at(long instant, Runnable action) {
        entries.add(new Entry(Math.max(now, instant), order++, action));
    }

    /// After so many nanoseconds.
    public void in(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    /// At the present instant, after what is planned for it.
    public void soon(Runnable action) {
        at(now, action);
    }

    /// The instant of the first entry, or `Long.MAX_VALUE`.
    public long next() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.at();
    }

    /// Lets time pass; nothing that is due on the way is done.
    public void advanceTo(long instant) {
        now = Math.max(now, instant);
    }

    /// Does what is first, at its instant.
    public void runNext() {
        Entry first = entries.poll();
        if (first != null) {
            advanceTo(first.at());
            first.action().run();
        }
    }
}
