package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;

import org.jspecify.annotations.Nullable;

/// What the three exchanges that begin an IKE SA have in common: their first answers are not
/// protected, so a refusal in clear text is a hint and no more (RFC 7296 section 2.21.1, failover
/// profile "Refusals").
sealed interface FirstMessage permits SaInitInitiator, OpaqueResumeInitiator, ResumeInitiator {
    /// Anybody can ask for a cookie: one request after another is sent with a new one, this often.
    int MAXIMUM_COOKIES = 3;

    record Hint(CloseReason reason, String detail) {}

    /// The refusal that was seen, if any; it counts when nothing better has come within one
    /// retransmission interval.
    @Nullable Hint hint();

    /// The answer that is being judged lets the exchange go on.
    static void answered(Turn turn, IkeSa sa) {
        OtherWays.settle(turn, sa);
        turn.emit(new Event.GatewayAnswered(sa.handle(), sa.path()));
    }

    /// Takes note of a refusal. The first one starts the wait, more of them do not prolong it.
    static Hint note(Turn turn, IkeSa sa, @Nullable Hint before, Hint now) {
        turn.count(Counter.NOTED_UNPROTECTED_REFUSAL);
        return await(turn, sa, before, now);
    }

    /// Waits for something better.
    static Hint await(Turn turn, IkeSa sa, @Nullable Hint before, Hint now) {
        if (before == null) {
            sa.requests().waitOneInterval(turn.now().nanos());
        }
        return now;
    }
}
