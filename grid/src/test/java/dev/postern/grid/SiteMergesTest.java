package dev.postern.grid;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ticket.store.StoredSession;
import dev.postern.wire.Octets;

import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.xsite.spi.SiteEntry;
import org.infinispan.xsite.spi.XSiteEntryMergePolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What stands when two sites have changed an entry without each other: the same at both, whichever
/// of the two is the own one.
class SiteMergesTest {
    private static final Object KEY = new WrappedByteArray(new byte[] {1});

    private static byte[] session(int count, long expiresAt) {
        return new StoredSession(Octets.ofHex("a1"), count, Octets.EMPTY, expiresAt).encode();
    }

    private static SiteEntry<Object> entry(String site, byte @Nullable [] value) {
        return new SiteEntry<>(site, value == null ? null : new WrappedByteArray(value), null);
    }

    private static void assertStands(
            XSiteEntryMergePolicy<Object, Object> policy, byte[] wanted, byte @Nullable [] other) {
        SiteEntry<Object> east = entry("east", wanted);
        SiteEntry<Object> west = entry("west", other);
        assertThat(policy.merge(KEY, east, west)).isCompletedWithValue(east);
        assertThat(policy.merge(KEY, west, east)).isCompletedWithValue(east);
        // The same the other way round: no site is preferred.
        SiteEntry<Object> ofWest = entry("west", wanted);
        SiteEntry<Object> ofEast = entry("east", other);
        assertThat(policy.merge(KEY, ofEast, ofWest)).isCompletedWithValue(ofWest);
        assertThat(policy.merge(KEY, ofWest, ofEast)).isCompletedWithValue(ofWest);
    }

    @Test
    void theHigherSwitchCountStandsHoweverLongTheOtherIsGood() {
        assertStands(new SiteMerges.OfSessions(), session(3, 10), session(2, 99));
    }

    @Test
    void ofTheSameCountTheRecordThatIsGoodForLongerStands() {
        assertStands(new SiteMerges.OfSessions(), session(2, 99), session(2, 10));
    }

    @Test
    void whatHasEndedAtOneSiteMayHaveComeToTheOther() {
        assertStands(new SiteMerges.OfSessions(), session(0, 10), null);
        assertStands(new SiteMerges.OfKnowledge(), new byte[] {0}, null);
    }

    @Test
    void ofTwoPiecesOfKnowledgeOneStandsAtBoth() {
        assertStands(new SiteMerges.OfKnowledge(), new byte[] {2}, new byte[] {1, 9});
    }
}
