package dev.postern.ike.exchange;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// When which IKE SA wants to be woken: a binary heap in which each IKE SA stands at most once and
/// knows its slot, so that one which ends leaves at once and takes its memory along.
final class TimerTable {
    /// The slot of an IKE SA that stands in no table.
    static final int NO_SLOT = -1;

    private static final int FIRST_CAPACITY = 16;

    private long[] deadlines = new long[FIRST_CAPACITY];
    private @Nullable IkeSa[] heap = new IkeSa[FIRST_CAPACITY];
    private int size;

    /// Wakes the IKE SA at its deadline as it is now.
    void schedule(IkeSa sa) {
        long deadline = Deadline.of(sa);
        if (deadline == Long.MAX_VALUE) {
            remove(sa);
            return;
        }
        int slot = sa.timerSlot();
        if (slot == NO_SLOT) {
            if (size == heap.length) {
                deadlines = Arrays.copyOf(deadlines, 2 * size);
                heap = Arrays.copyOf(heap, 2 * size);
            }
            siftUp(size++, deadline, sa);
        } else if (deadline < deadlines[slot]) {
            siftUp(slot, deadline, sa);
        } else if (deadline > deadlines[slot]) {
            siftDown(slot, deadline, sa);
        }
    }

    void remove(IkeSa sa) {
        int slot = sa.timerSlot();
        if (slot == NO_SLOT) {
            return;
        }
        sa.setTimerSlot(NO_SLOT);
        size--;
        IkeSa last = at(size);
        long deadline = deadlines[size];
        heap[size] = null;
        if (slot < size) {
            siftDown(slot, deadline, last);
            if (last.timerSlot() == slot) {
                siftUp(slot, deadline, last);
            }
        }
    }

    long nextDeadline() {
        return size == 0 ? Long.MAX_VALUE : deadlines[0];
    }

    /// The next IKE SA that is due, or null. It leaves the table.
    @Nullable IkeSa pollDue(long nowNanos) {
        if (size == 0 || deadlines[0] > nowNanos) {
            return null;
        }
        IkeSa due = at(0);
        remove(due);
        return due;
    }

    private void siftUp(int from, long deadline, IkeSa sa) {
        int slot = from;
        while (slot > 0) {
            int parent = (slot - 1) / 2;
            if (deadlines[parent] <= deadline) {
                break;
            }
            put(slot, deadlines[parent], at(parent));
            slot = parent;
        }
        put(slot, deadline, sa);
    }

    private void siftDown(int from, long deadline, IkeSa sa) {
        int slot = from;
        while (2 * slot + 1 < size) {
            int child = 2 * slot + 1;
            if (child + 1 < size && deadlines[child + 1] < deadlines[child]) {
                child++;
            }
            if (deadlines[child] >= deadline) {
                break;
            }
            put(slot, deadlines[child], at(child));
            slot = child;
        }
        put(slot, deadline, sa);
    }

    private void put(int slot, long deadline, IkeSa sa) {
        deadlines[slot] = deadline;
        heap[slot] = sa;
        sa.setTimerSlot(slot);
    }

    private IkeSa at(int slot) {
        IkeSa sa = heap[slot];
        if (sa == null) {
            throw new IllegalStateException("slot " + slot + " of the timer table is empty");
        }
        return sa;
    }
}
