package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.wire.Message;

/// A responder in the middle of EAP: nobody is authenticated yet.
sealed interface EapResponding extends IkeSaState {
    /// Monotonic nanoseconds at which nobody waits any longer.
    long expiresAt();

    /// The EAP server is asked for its next step. Retransmissions of the request are passed over
    /// meanwhile.
    record AwaitingServer(EapConversation conversation, Message request, long expiresAt)
            implements EapResponding, AwaitingAnswer {
        @Override
        public void onAnswer(Turn turn, IkeSa sa, Answer answer) {
            EapResponder.onAnswer(turn, sa, this, answer);
        }
    }

    /// An EAP Request went out.
    record AwaitingResponse(EapConversation conversation, long expiresAt)
            implements EapResponding {}

    /// EAP Success went out; AUTH with the key that EAP made is due.
    ///
    /// @param outcome owned by this state
    record AwaitingAuth(EapConversation conversation, Answer.EapSucceeded outcome, long expiresAt)
            implements EapResponding {
        @Override
        public void wipe() {
            outcome.discard();
        }
    }
}
