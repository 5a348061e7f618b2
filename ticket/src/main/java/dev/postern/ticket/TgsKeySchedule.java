package dev.postern.ticket;

import dev.postern.crypto.Entropy;

import org.jspecify.annotations.Nullable;

/// When the next TGS key is made. It stands in the ring, announced, `aheadSeconds` before it
/// issues, so that every gateway of the domain has it by then; its predecessors open tickets for
/// `overlapSeconds` after that.
///
///     make ---- ahead ----> issue ---------- every ---------> the next issues
///                              \-- overlap --> predecessors leave the ring
///
/// @param everySeconds how long each key is the newest
/// @param aheadSeconds less than that
/// @param overlapSeconds the longest lifetime of a ticket in the domain
public record TgsKeySchedule(long everySeconds, long aheadSeconds, long overlapSeconds) {
    /// @throws IllegalArgumentException where a ring would overflow or a key come too late
    public TgsKeySchedule {
        if (everySeconds <= 0 || aheadSeconds < 0 || aheadSeconds >= everySeconds) {
            throw new IllegalArgumentException(
                    "a key every "
                            + everySeconds
                            + " s cannot be announced "
                            + aheadSeconds
                            + " s ahead; it must be less");
        }
        if (overlapSeconds < 0 || overlapSeconds / everySeconds >= TgsKeyRing.MAXIMUM_KEYS - 3) {
            throw new IllegalArgumentException(
                    "keys every "
                            + everySeconds
                            + " s that are accepted for "
                            + overlapSeconds
                            + " s are more than a ring of "
                            + TgsKeyRing.MAXIMUM_KEYS
                            + " holds");
        }
    }

    /// When the next key is to be made: now where the result is not later than `nowSeconds`.
    public long dueAt(TgsKeyRing ring) {
        return ring.keys().getFirst().issueFrom() + everySeconds - aheadSeconds;
    }

    /// The ring with its next key, or null where it is not due yet. After a long pause the key
    /// issues once it has been announced, not at an instant in the past.
    public @Nullable TgsKeyRing next(TgsKeyRing ring, long nowSeconds, Entropy entropy) {
        long due = dueAt(ring);
        if (nowSeconds < due) {
            return null;
        }
        long issueFrom = Math.max(due, nowSeconds) + aheadSeconds;
        return ring.rotated(TgsKey.generate(entropy, issueFrom), overlapSeconds);
    }
}
