package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.ticket.store.StoredSession;

import org.jspecify.annotations.Nullable;

/// A first message names a record in the session store and waits for it. Nothing is proven yet:
/// this counts as half-open, and retransmissions are passed over meanwhile.
record AwaitingSession(Continuation continuation, long expiresAt) implements StoreQuestion {
    /// What goes on once the store has answered, or has not.
    @FunctionalInterface
    interface Continuation {
        /// @param found null for no record that could be had in time
        void resume(Turn turn, IkeSa sa, @Nullable StoredSession found);
    }

    @Override
    public void answered(Turn turn, IkeSa sa, Answer.OfStore answer) {
        continuation.resume(
                turn,
                sa,
                answer instanceof Answer.SessionFetched fetched ? fetched.session() : null);
    }
}
