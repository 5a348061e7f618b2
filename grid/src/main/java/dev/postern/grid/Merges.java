package dev.postern.grid;

import dev.postern.cluster.Fields;
import dev.postern.cluster.Takeover;
import dev.postern.ticket.store.StoredSession;

import org.infinispan.commons.marshall.WrappedByteArray;
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
    static EntryMergePolicy<Object, Object> ofSessions() {
        return highest(Comparator.comparingInt(Merges::switchCount));
    }

    /// The highest epoch: who was fenced stays fenced.
    static EntryMergePolicy<Object, Object> ofOwnership() {
        return highest(Comparator.comparingLong(Merges::epoch));
    }

    /// What is there: entries of knowledge are written again by whoever misses a part of them.
    static EntryMergePolicy<Object, Object> ofKnowledge() {
        return either();
    }

    static EntryMergePolicy<Object, Object> either() {
        return highest((_, _) -> 0);
    }

    private static EntryMergePolicy<Object, Object> highest(Comparator<byte[]> order) {
        return (preferred, others) -> {
            List<CacheEntry<Object, Object>> candidates = new ArrayList<>();
            candidates.add(preferred);
            candidates.addAll(others);
            return candidates.stream()
                    .filter(Objects::nonNull)
                    .filter(entry -> !entry.isNull())
                    .reduce((one, other) ->
                            order.compare(octets(one), octets(other)) >= 0 ? one : other)
                    .orElse(null);
        };
    }

    /// The engine hands values in as it stores them, in a wrapper that compares by content.
    private static byte[] octets(CacheEntry<Object, Object> entry) {
        return octets(entry.getValue());
    }

    static byte[] octets(@Nullable Object value) {
        return switch (value) {
            case byte[] octets -> octets;
            case WrappedByteArray wrapped -> wrapped.getBytes();
            case null, default -> new byte[0];
        };
    }

    private static int switchCount(byte[] octets) {
        if (StoredSession.isOfLaterVersion(octets)) {
            return Integer.MAX_VALUE;
        }
        StoredSession session = octets.length == 0 ? null : StoredSession.decode(octets);
        return session == null ? -1 : session.gatewaySwitchCount();
    }

    private static long epoch(byte[] octets) {
        Fields fields = octets.length == 0 ? null : Fields.decode(octets);
        return fields == null ? -1 : Takeover.held(fields).epoch();
    }
}
