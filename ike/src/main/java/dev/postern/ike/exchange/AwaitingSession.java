package dev.postern.ike.exchange;

import dev.postern.ike.Answer;

/// A first message names a record in the session store and waits for it. Nothing is proven yet:
/// this counts as half-open, and retransmissions are passed over meanwhile.
record AwaitingSession(Continuation continuation, long expiresAt) implements StoreQuestion {
    /// What goes on once the store has answered, or has not.
    @FunctionalInterface
    interface Continuation {
        void resume(Turn turn, IkeSa sa, Answer.OfStore answer);
    }

    @Override
    public void answered(Turn turn, IkeSa sa, Answer.OfStore answer) {
        continuation.resume(turn, sa, answer);
    }
}
