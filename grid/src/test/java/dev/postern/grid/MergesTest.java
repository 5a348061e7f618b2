package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Fields;
import dev.postern.cluster.Member;
import dev.postern.cluster.Takeover;
import dev.postern.cluster.Takeover.Decision;
import dev.postern.cluster.View;
import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.conflict.EntryMergePolicy;
import org.infinispan.container.entries.CacheEntry;
import org.infinispan.container.entries.ImmortalCacheEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;

/// What stands when two sides of a split have become one again; values are as the engine keeps
/// them.
class MergesTest {
    private static final Object KEY = new WrappedByteArray(new byte[] {1});

    @SuppressWarnings("unchecked") // The engine's own class is raw.
    private static CacheEntry<Object, Object> entry(byte[] value) {
        return new ImmortalCacheEntry(KEY, new WrappedByteArray(value));
    }

    private static byte[] owned(String node, int times) {
        View alone = new View(1, List.of(new Member(node, "east", 1, node)));
        @Nullable Fields record = null;
        for (int i = 0; i < times; i++) {
            Decision decision = Takeover.judge(record, node, 0, alone);
            assertThat(decision).isInstanceOf(Decision.Write.class);
            record = ((Decision.Write) decision).record();
        }
        return record == null ? new byte[0] : record.encode();
    }

    private static void assertMerged(
            EntryMergePolicy<Object, Object> policy, byte[] one, byte[] other, byte[] wanted) {
        for (List<byte[]> sides : List.of(List.of(one, other), List.of(other, one))) {
            CacheEntry<Object, Object> merged =
                    policy.merge(entry(sides.getFirst()), List.of(entry(sides.getLast())));
            assertThat(merged).isNotNull();
            assertThat(merged.getValue()).isEqualTo(new WrappedByteArray(wanted));
        }
    }

    @Test
    void whoWasFencedStaysFenced() {
        byte[] fenced = owned("gw-b", 2);
        byte[] owner = owned("gw-a", 3);
        assertMerged(Merges.ofOwnership(), fenced, owner, owner);
    }

    @Test
    void noSwitchCountIsLowered() {
        byte[] before = new StoredSession(Octets.ofHex("a1"), 1, Octets.EMPTY, 9).encode();
        byte[] raised = new StoredSession(Octets.ofHex("a1"), 2, Octets.EMPTY, 9).encode();
        assertMerged(Merges.ofSessions(), before, raised, raised);
    }

    @Test
    void whatOnlyOneSideHasStays() {
        CacheEntry<Object, Object> there = entry(new byte[] {7});
        assertThat(Merges.ofKnowledge().merge(null, List.of(there))).isEqualTo(there);
        assertThat(Merges.either().merge(there, List.of())).isEqualTo(there);
    }
}
