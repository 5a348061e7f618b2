package dev.postern.esp;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/// A hash table with 128-bit keys, one writer and any number of readers that neither lock nor
/// allocate. Open addressing over immutable slots: a put or remove replaces one slot by a release
/// store, so that an install among tens of thousands of entries costs one slot and not a copy of
/// the table. A removed key keeps its slot, without value, until the table is rebuilt; a rebuilt
/// table is published by swapping one reference.
final class PublishedTable<V> {
    private record Slot<V>(long high, long low, @Nullable V value) {}

    private static final int SMALLEST = 16;

    private volatile AtomicReferenceArray<@Nullable Slot<V>> slots =
            new AtomicReferenceArray<>(SMALLEST);
    private int used;
    private int live;

    /// Any thread.
    @Nullable V get(long high, long low) {
        AtomicReferenceArray<@Nullable Slot<V>> table = slots;
        int mask = table.length() - 1;
        for (int i = hash(high, low) & mask; ; i = (i + 1) & mask) {
            Slot<V> slot = table.getAcquire(i);
            if (slot == null) {
                return null;
            }
            if (slot.low == low && slot.high == high) {
                return slot.value;
            }
        }
    }

    /// The writer.
    void put(long high, long low, V value) {
        if (get(high, low) == null) {
            live++;
        }
        store(new Slot<>(high, low, value));
        if (used * 2 > slots.length()) {
            rebuild();
        }
    }

    /// The writer.
    @Nullable V remove(long high, long low) {
        V value = get(high, low);
        if (value != null) {
            live--;
            store(new Slot<>(high, low, null));
        }
        return value;
    }

    /// The writer. How many keys have a value.
    int size() {
        return live;
    }

    /// The writer.
    void forEach(Consumer<? super V> action) {
        for (int i = 0; i < slots.length(); i++) {
            Slot<V> slot = slots.getPlain(i);
            if (slot != null && slot.value != null) {
                action.accept(slot.value);
            }
        }
    }

    private void store(Slot<V> slot) {
        if (place(slots, slot)) {
            used++;
        }
    }

    private static <V> boolean place(AtomicReferenceArray<@Nullable Slot<V>> table, Slot<V> slot) {
        int mask = table.length() - 1;
        for (int i = hash(slot.high, slot.low) & mask; ; i = (i + 1) & mask) {
            Slot<V> present = table.getPlain(i);
            if (present == null || (present.low == slot.low && present.high == slot.high)) {
                table.setRelease(i, slot);
                return present == null;
            }
        }
    }

    private void rebuild() {
        // More than four slots for each live key: so as many more can come before the next rebuild.
        int capacity = Math.max(SMALLEST, Integer.highestOneBit(live * 4) * 2);
        AtomicReferenceArray<@Nullable Slot<V>> table = new AtomicReferenceArray<>(capacity);
        AtomicReferenceArray<@Nullable Slot<V>> old = slots;
        used = 0;
        for (int i = 0; i < old.length(); i++) {
            Slot<V> slot = old.getPlain(i);
            if (slot != null && slot.value != null) {
                place(table, Objects.requireNonNull(slot));
                used++;
            }
        }
        slots = table;
    }

    private static int hash(long high, long low) {
        long mixed = (high * 0x9e37_79b9_7f4a_7c15L ^ low) * 0xbf58_476d_1ce4_e5b9L;
        return (int) (mixed ^ mixed >>> 32);
    }
}
