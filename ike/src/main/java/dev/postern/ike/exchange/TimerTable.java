package dev.postern.ike.exchange;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.PriorityQueue;

/// When which IKE SA wants to be woken. An IKE SA stands in the queue once for its earliest known
/// deadline; where the deadline moved back meanwhile, it is woken early, finds nothing to do and is
/// queued again.
final class TimerTable {
    private record Entry(long deadline, IkeSa sa) {}

    private final PriorityQueue<Entry> queue =
            new PriorityQueue<>(Comparator.comparingLong(Entry::deadline));

    /// Makes sure that the IKE SA is woken at its deadline or before.
    void schedule(IkeSa sa) {
        long deadline = Deadline.of(sa);
        if (deadline < sa.queuedFor()) {
            sa.queueFor(deadline);
            queue.add(new Entry(deadline, sa));
        }
    }

    long nextDeadline() {
        Entry first = queue.peek();
        return first == null ? Long.MAX_VALUE : first.deadline();
    }

    /// The next IKE SA that is due, or null.
    @Nullable IkeSa pollDue(long nowNanos) {
        while (true) {
            Entry first = queue.peek();
            if (first == null || first.deadline() > nowNanos) {
                return null;
            }
            queue.poll();
            if (first.sa().queuedFor() == first.deadline()) {
                first.sa().queueFor(Long.MAX_VALUE);
                return first.sa();
            }
        }
    }
}
