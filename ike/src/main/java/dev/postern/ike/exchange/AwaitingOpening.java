package dev.postern.ike.exchange;

import dev.postern.ike.Answer;

/// A first message holds a ticket that only the ticket service can open, and waits for it. Nothing
/// is proven yet: this counts as half-open, and retransmissions are passed over meanwhile.
record AwaitingOpening(Continuation continuation, long expiresAt) implements TicketQuestion {
    /// What goes on once the service has answered; its silence is
    /// [Answer.TicketServiceUnavailable].
    @FunctionalInterface
    interface Continuation {
        void resume(Turn turn, IkeSa sa, Answer.OfTicketService answer);
    }

    @Override
    public void answered(Turn turn, IkeSa sa, Answer.OfTicketService answer) {
        continuation.resume(turn, sa, answer);
    }
}
