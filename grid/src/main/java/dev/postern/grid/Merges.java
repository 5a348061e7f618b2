package dev.postern.grid;

import dev.postern.cluster.Fields;
import dev.postern.cluster.Takeover;
import dev.postern.ticket.store.StoredSession;

import org.infinispan.conflict.EntryMergePolicy;
import org.infinispan.container.entries.CacheEntry;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// Which of two entries stands when two sides of a split have become one again.
final class Merges {
    private Merges() {}

    /// The highest switch count: none is ever lowered.
    static EntryMergePolicy<byte[], byte[]> ofSessions() {
        return highest(Comparator.comparingInt(Merges::switchCount));
    }

    /// The highest epoch: who was fenced stays fenced.
    static EntryMergePolicy<byte[], byte[]> ofOwnership() {
        return highest(Comparator.comparingLong(Merges::epoch));
    }

    /// What is there: entries of knowledge are written again by whoever misses a part of them.
    static EntryMergePolicy<byte[], byte[]> ofKnowledge() {
        return either();
    }

    static EntryMergePolicy<byte[], byte[]> either() {
        return highest((_, _) -> 0);
    }

    private static EntryMergePolicy<byte[], byte[]> highest(Comparator<byte[]> order) {
        return (preferred, others) -> {
            List<CacheEntry<byte[], byte[]>> candidates = new ArrayList<>();
            candidates.add(preferred);
            candidates.addAll(others);
            return candidates.stream()
                    .filter(Objects::nonNull)
                    .filter(entry -> !entry.isNull())
                    .reduce((one, other) ->
                            order.compare(one.getValue(), other.getValue()) >= 0 ? one : other)
                    .orElse(null);
        };
    }

    private static int switchCount(byte @Nullable [] octets) {
        StoredSession session = octets == null ? null : StoredSession.decode(octets);
        return session == null ? -1 : session.gatewaySwitchCount();
    }

    private static long epoch(byte @Nullable [] octets) {
        Fields fields = octets == null ? null : Fields.decode(octets);
        return fields == null ? -1 : Takeover.held(fields).epoch();
    }
}
