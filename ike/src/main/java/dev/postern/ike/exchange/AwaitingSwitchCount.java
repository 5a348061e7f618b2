package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;

/// A verified request for a session by reference has claimed its switch count in the store and
/// waits to hear whether it was the first.
///
/// @param resumptionSecret RS of the record, owned by this state until the continuation runs
record AwaitingSwitchCount(Continuation continuation, SecretBytes resumptionSecret, long expiresAt)
        implements StoreQuestion {
    /// What goes on once the store has answered; its silence is [Answer.StoreUnavailable].
    @FunctionalInterface
    interface Continuation {
        void resume(Turn turn, IkeSa sa, Answer.OfStore answer);
    }

    @Override
    public void answered(Turn turn, IkeSa sa, Answer.OfStore answer) {
        continuation.resume(turn, sa, answer);
    }

    @Override
    public void wipe() {
        resumptionSecret.close();
    }
}
