package dev.postern.ike.exchange;

import dev.postern.ike.Answer;

/// An authenticated IKE SA whose last answer rests until the session's record is written: the peer
/// is told of a reference only when it can be resolved. Retransmissions are passed over meanwhile.
record AwaitingStore(Continuation continuation, long expiresAt) implements StoreQuestion {
    /// What goes on once the store has answered; its silence counts as no.
    @FunctionalInterface
    interface Continuation {
        void resume(Turn turn, IkeSa sa, boolean stored);
    }

    @Override
    public void answered(Turn turn, IkeSa sa, Answer.OfStore answer) {
        continuation.resume(turn, sa, answer instanceof Answer.SessionStored);
    }
}
