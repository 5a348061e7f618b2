package dev.postern.cluster;

import dev.postern.ticket.store.StoredSession;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// Which of two entries stands when two sites have changed it without each other: the greater, at
/// both. An entry that is gone has no octets.
public final class SiteEntries {
    private SiteEntries() {}

    /// Of a session the higher switch count, and where that is the same the record that is good for
    /// longer; and rather that it is there than that it is gone, for what has ended at one site may
    /// just have come to the other.
    public static int compareSessions(byte[] one, byte[] other) {
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

    /// Of anything else something rather than nothing, and either of two: whoever misses what the
    /// other had writes it again.
    public static int compareWords(byte[] one, byte[] other) {
        return Arrays.compareUnsigned(one, other);
    }
}
