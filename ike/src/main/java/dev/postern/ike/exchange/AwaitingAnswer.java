package dev.postern.ike.exchange;

import dev.postern.ike.Answer;

/// A state in which an IKE SA has a question open.
interface AwaitingAnswer {
    /// The answer came, in time.
    void onAnswer(Turn turn, IkeSa sa, Answer answer);
}
