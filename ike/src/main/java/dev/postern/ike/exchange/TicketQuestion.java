package dev.postern.ike.exchange;

import dev.postern.ike.Answer;

/// An IKE SA rests until the ticket service has answered; its silence until `expiresAt` counts as
/// [Answer.TicketServiceUnavailable].
sealed interface TicketQuestion extends IkeSaState, AwaitingAnswer
        permits AwaitingOpening, AwaitingSealing {
    long expiresAt();

    void answered(Turn turn, IkeSa sa, Answer.OfTicketService answer);

    @Override
    default void onAnswer(Turn turn, IkeSa sa, Answer answer) {
        if (answer instanceof Answer.OfTicketService served) {
            answered(turn, sa, served);
        } else {
            answer.discard();
            answered(turn, sa, new Answer.TicketServiceUnavailable());
        }
    }
}
