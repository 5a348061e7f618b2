package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Answer;

import org.jspecify.annotations.Nullable;

/// A verified request rests here until the inner address is known, or until `expiresAt`.
/// Retransmissions of the request are passed over meanwhile.
///
/// @param silence what goes on where no answer has come by then; it ends the IKE SA
/// @param resumptionSecret RS of the ticket in a 1-RTT resume, owned by this state; null in
///   IKE_AUTH
record AwaitingLease(
        Continuation continuation,
        Silence silence,
        @Nullable SecretBytes resumptionSecret,
        long expiresAt)
        implements IkeSaState, AwaitingAnswer {
    /// What goes on once the answer is there.
    @FunctionalInterface
    interface Continuation {
        void resume(Turn turn, IkeSa sa, Answer answer);
    }

    /// What goes on without one.
    @FunctionalInterface
    interface Silence {
        void end(Turn turn, IkeSa sa);
    }

    /// Whether this is to become a provisional IKE SA; it counts as one already.
    boolean isResume() {
        return resumptionSecret != null;
    }

    @Override
    public void onAnswer(Turn turn, IkeSa sa, Answer answer) {
        continuation.resume(turn, sa, answer);
    }

    /// Nothing came in time.
    void onSilence(Turn turn, IkeSa sa) {
        sa.forgetAnswer(turn);
        silence.end(turn, sa);
    }

    @Override
    public void wipe() {
        if (resumptionSecret != null) {
            resumptionSecret.close();
        }
    }
}
