package dev.postern.ticket.store;

import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// Keeps sessions by reference. Each call is atomic with respect to every other, at whichever
/// gateway it is made; one that returns has its effect for good, as far as the store promises
/// durability at all. A store that cannot say throws [UnavailableException]; whoever asks then does
/// without, by a full exchange.
public interface SessionStore {
    /// What came of [#raise].
    enum Raise {
        /// The count is this request's, now or since an earlier try of the same request.
        RAISED,
        /// Another request has taken this count, or a higher one.
        TAKEN,
        /// There is no such record, or it has expired.
        UNKNOWN
    }

    /// Writes a record, over an earlier one of the same reference whose switch count it keeps if
    /// that is higher. False where the store is full.
    boolean put(SessionReference reference, StoredSession session, long nowSeconds);

    /// The record, or null where there is none that is good at `nowSeconds`.
    @Nullable StoredSession fetch(SessionReference reference, long nowSeconds);

    /// Compare and set: raises the switch count to this request's, if it is higher than the stored
    /// one.
    ///
    /// @param claim digest of the request and of the gateway that asks
    Raise raise(SessionReference reference, int gatewaySwitchCount, Octets claim, long nowSeconds);

    /// Removes a record, unless its switch count is above this one: then another gateway has
    /// carried on with the session, and the record is its to remove.
    void drop(SessionReference reference, int gatewaySwitchCount);

    /// Records, expired ones that have not been purged yet among them.
    long size();

    /// The store is closed, broken or out of reach; nothing is known about what was asked.
    final class UnavailableException extends RuntimeException {
        public UnavailableException(String reason, @Nullable Throwable cause) {
            super(reason, cause);
        }
    }
}
