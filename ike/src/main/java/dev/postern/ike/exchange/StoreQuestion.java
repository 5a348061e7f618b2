package dev.postern.ike.exchange;

import dev.postern.ike.Answer;

/// An IKE SA rests until the session store has answered; its silence until `expiresAt` counts as
/// [Answer.StoreUnavailable].
sealed interface StoreQuestion extends IkeSaState, AwaitingAnswer
        permits AwaitingSession, AwaitingSwitchCount, AwaitingStore {
    long expiresAt();

    void answered(Turn turn, IkeSa sa, Answer.OfStore answer);

    @Override
    default void onAnswer(Turn turn, IkeSa sa, Answer answer) {
        if (answer instanceof Answer.OfStore ofStore) {
            answered(turn, sa, ofStore);
        } else {
            answer.discard();
            answered(turn, sa, new Answer.StoreUnavailable());
        }
    }
}
