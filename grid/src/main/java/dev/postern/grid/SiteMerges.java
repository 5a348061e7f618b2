package dev.postern.grid;

import dev.postern.ticket.store.StoredSession;

import org.infinispan.xsite.spi.SiteEntry;
import org.infinispan.xsite.spi.XSiteEntryMergePolicy;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Which of two entries stands when two sites have changed it without each other: the same at both.
/// The engine makes these policies itself, which is why they are classes with nothing to be told.
public final class SiteMerges {
    private SiteMerges() {}

    /// Of a session the higher switch count, and where that is the same the record that is good for
    /// longer; and rather that it is there than that it is gone, for what has ended at one site may
    /// just have come to the other.
    public static final class OfSessions implements XSiteEntryMergePolicy<Object, Object> {
        @Override
        public CompletionStage<SiteEntry<Object>> merge(
                Object key, SiteEntry<Object> ours, SiteEntry<Object> theirs) {
            return greater(ours, theirs, OfSessions::compare);
        }

        static int compare(byte[] one, byte[] other) {
            boolean isLater = StoredSession.isOfLaterVersion(one);
            if (isLater || StoredSession.isOfLaterVersion(other)) {
                // What we cannot read is not ours to put something in the place of.
                return isLater == StoredSession.isOfLaterVersion(other)
                        ? Arrays.compareUnsigned(one, other)
                        : isLater ? 1 : -1;
            }
            StoredSession first = session(one);
            StoredSession second = session(other);
            if (first == null || second == null) {
                return Boolean.compare(first != null, second != null);
            }
            int byCount = Integer.compare(first.gatewaySwitchCount(), second.gatewaySwitchCount());
            int byExpiry = Long.compare(first.expiresAt(), second.expiresAt());
            return byCount != 0
                    ? byCount
                    : byExpiry != 0 ? byExpiry : Arrays.compareUnsigned(one, other);
        }

        private static @Nullable StoredSession session(byte[] octets) {
            return octets.length == 0 ? null : StoredSession.decode(octets);
        }
    }

    /// Of anything else something rather than nothing, and either of two: whoever misses what the
    /// other had writes it again.
    public static final class OfKnowledge implements XSiteEntryMergePolicy<Object, Object> {
        @Override
        public CompletionStage<SiteEntry<Object>> merge(
                Object key, SiteEntry<Object> ours, SiteEntry<Object> theirs) {
            return greater(ours, theirs, Arrays::compareUnsigned);
        }
    }

    private static CompletionStage<SiteEntry<Object>> greater(
            SiteEntry<Object> ours, SiteEntry<Object> theirs, Comparator<byte[]> order) {
        int compared =
                order.compare(Merges.octets(ours.getValue()), Merges.octets(theirs.getValue()));
        return CompletableFuture.completedFuture(compared >= 0 ? ours : theirs);
    }
}
