package dev.postern.ike.exchange;

import dev.postern.crypto.PayloadCipher;
import dev.postern.ike.Answer;

import org.jspecify.annotations.Nullable;

/// An authenticated IKE SA whose last answer rests until the ticket service has sealed its ticket.
/// Retransmissions are passed over meanwhile.
///
/// @param responseCipher in a 1-RTT resume what the answer will be sealed with, owned by this state
///   until the continuation runs; null in IKE_AUTH
record AwaitingSealing(
        Continuation continuation, @Nullable PayloadCipher responseCipher, long expiresAt)
        implements TicketQuestion {
    /// What goes on once the service has answered; its silence is
    /// [Answer.TicketServiceUnavailable].
    @FunctionalInterface
    interface Continuation {
        void resume(Turn turn, IkeSa sa, Answer.OfTicketService answer);
    }

    /// Whether this is to become a provisional IKE SA; it counts as one already.
    boolean isResume() {
        return responseCipher != null;
    }

    @Override
    public void answered(Turn turn, IkeSa sa, Answer.OfTicketService answer) {
        continuation.resume(turn, sa, answer);
    }

    @Override
    public void wipe() {
        if (responseCipher != null) {
            responseCipher.close();
        }
    }
}
