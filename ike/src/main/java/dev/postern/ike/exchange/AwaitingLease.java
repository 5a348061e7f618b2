package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;

import org.jspecify.annotations.Nullable;

/// A verified request rests here until the inner address is known; a lost answer ends it at
/// `expiresAt`. Retransmissions of the request are passed over meanwhile.
///
/// @param resumptionSecret RS of the ticket in a 1-RTT resume, owned by this state; null in
///   IKE_AUTH
record AwaitingLease(
        Continuation continuation, @Nullable SecretBytes resumptionSecret, long expiresAt)
        implements IkeSaState, AwaitingAnswer {
    /// What goes on once the answer is there.
    @FunctionalInterface
    interface Continuation {
        void resume(Turn turn, IkeSa sa, Answer answer);
    }

    /// Whether this is to become a provisional IKE SA; it counts as one already.
    boolean isResume() {
        return resumptionSecret != null;
    }

    @Override
    public void onAnswer(Turn turn, IkeSa sa, Answer answer) {
        continuation.resume(turn, sa, answer);
    }

    @Override
    public void wipe() {
        if (resumptionSecret != null) {
            resumptionSecret.close();
        }
    }
}
