package dev.postern.gateway.daemon;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The latest lines of an event log, numbered from 1 on, for those who look on. From any thread.
final class EventRing {
    private static final int CAPACITY = 1_000;

    /// @param json the same as an object
    record Entry(long number, String text, String json) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long last;

    synchronized void add(String text, String json) {
        entries.add(new Entry(++last, text, json));
        if (entries.size() > CAPACITY) {
            entries.remove();
        }
        notifyAll();
    }

    /// Those after this number that are still here; waits for one where there is none.
    synchronized List<Entry> after(long number, long patienceMillis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        // Another run of the client counts from the beginning.
        long seen = number > last ? 0 : number;
        while (last <= seen) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return List.of();
            }
            wait(left);
        }
        return new ArrayList<>(entries.stream().filter(each -> each.number() > seen).toList());
    }

    synchronized long last() {
        return last;
    }
}
