package dev.postern.ike.exchange;

import dev.postern.ike.Answer;

/// A verified request rests here until the inner address is known; a lost answer ends it at
/// `expiresAt`.
///
/// @param request octets of the request; retransmissions of it are passed over meanwhile
record AwaitingLease(byte[] request, Continuation continuation, long expiresAt)
        implements IkeSaState {
    /// What goes on once the answer is there.
    @FunctionalInterface
    interface Continuation {
        void resume(Turn turn, IkeSa sa, Answer answer);
    }
}
