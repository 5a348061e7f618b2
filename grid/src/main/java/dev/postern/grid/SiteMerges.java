package dev.postern.grid;

import dev.postern.cluster.SiteEntries;

import org.infinispan.xsite.spi.SiteEntry;
import org.infinispan.xsite.spi.XSiteEntryMergePolicy;

import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Which of two entries stands when two sites have changed it without each other ([SiteEntries]).
/// The engine makes these policies itself, which is why they are classes with nothing to be told.
public final class SiteMerges {
    private SiteMerges() {}

    public static final class OfSessions implements XSiteEntryMergePolicy<Object, Object> {
        @Override
        public CompletionStage<SiteEntry<Object>> merge(
                Object key, SiteEntry<Object> ours, SiteEntry<Object> theirs) {
            return greater(ours, theirs, SiteEntries::compareSessions);
        }
    }

    public static final class OfKnowledge implements XSiteEntryMergePolicy<Object, Object> {
        @Override
        public CompletionStage<SiteEntry<Object>> merge(
                Object key, SiteEntry<Object> ours, SiteEntry<Object> theirs) {
            return greater(ours, theirs, SiteEntries::compareWords);
        }
    }

    private static CompletionStage<SiteEntry<Object>> greater(
            SiteEntry<Object> ours, SiteEntry<Object> theirs, Comparator<byte[]> order) {
        int compared =
                order.compare(Merges.octets(ours.getValue()), Merges.octets(theirs.getValue()));
        return CompletableFuture.completedFuture(compared >= 0 ? ours : theirs);
    }
}
