package dev.postern.ike.exchange;

import dev.postern.ike.Answer;

/// A state in which an IKE SA has a question open.
interface AwaitingAnswer {
    /// The answer came, in time.
    void onAnswer(Turn turn, IkeSa sa, Answer answer);

    /// Hands an answer to the state that has a question open, or to the session's record.
    static void deliver(Turn turn, IkeSa sa, Answer answer) {
        if (answer instanceof Answer.OfTicketService served
                && !(sa.state() instanceof TicketQuestion)) {
            FollowingTicket.answered(turn, sa, served);
            return;
        }
        if (answer instanceof Answer.OfVouchers read) {
            SwitchQuestion.answered(turn, sa, read);
            return;
        }
        sa.awaitAnswer(0);
        if (sa.state() instanceof AwaitingAnswer waiting) {
            waiting.onAnswer(turn, sa, answer);
        } else if (answer instanceof Answer.OfStore ofStore) {
            SessionRecord.answer(turn, sa, ofStore);
        } else {
            answer.discard();
        }
    }
}
