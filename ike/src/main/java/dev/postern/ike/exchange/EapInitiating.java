package dev.postern.ike.exchange;

import dev.postern.ike.Answer;
import dev.postern.wire.EapPacket;
import dev.postern.wire.Octets;

/// An initiator in the middle of EAP.
sealed interface EapInitiating extends IkeSaState {
    EapProgress progress();

    @Override
    default void wipe() {
        progress().auth().wipe();
    }

    /// Monotonic nanoseconds at which nobody waits any longer; `Long.MAX_VALUE` where the request's
    /// retransmission decides.
    default long expiresAt() {
        return Long.MAX_VALUE;
    }

    /// The EAP peer is asked what to say to a packet; no request is out.
    record AwaitingPeer(EapProgress progress, EapPacket packet, long expiresAt)
            implements EapInitiating, AwaitingAnswer {
        @Override
        public void onAnswer(Turn turn, IkeSa sa, Answer answer) {
            EapInitiator.onAnswer(turn, sa, this, answer);
        }
    }

    /// An EAP Response went out.
    record AwaitingRequest(EapProgress progress) implements EapInitiating {}

    /// AUTH went out; the gateway's is due.
    ///
    /// @param expected the gateway's AUTH
    /// @param withoutPpk the same for a gateway that does not use our post-quantum pre-shared key;
    ///   `expected` again where there is none
    record AwaitingGatewayAuth(EapProgress progress, Octets expected, Octets withoutPpk)
            implements EapInitiating {
        /// The gateway's AUTH under the keys that its answer has left.
        Octets expected(IkeSa sa) {
            return sa.relation().ppk() == null ? withoutPpk : expected;
        }
    }
}
