package dev.postern.ike.exchange;

import dev.postern.ike.Input;

/// What an endpoint is told about hot standby beside the records of another member, which
/// [TakeOvers] gets.
public final class HotStandby {
    private HotStandby() {}

    /// How far the sequence numbers of a Child SA are.
    public static void sequencesUsed(Turn turn, Input.SequencesUsed used) {
        IkeSa sa = turn.table().byInboundSpi(used.inboundSpi());
        if (sa != null) {
            StandbyReplication.sequencesUsed(turn, sa, used);
        }
    }

    /// Packets that a Child SA does not take may say that its replay counters lag behind (RFC 6311
    /// section 7).
    public static void packetRefused(Turn turn, int inboundSpi) {
        IkeSa sa = turn.table().byInboundSpi(inboundSpi);
        if (sa != null) {
            turn.concern(sa);
            CounterSyncInitiator.begin(turn, sa);
            Router.schedule(turn, sa);
        }
    }

    /// Another member owns all that is protected here.
    public static void standDown(Turn turn) {
        StandbyReplication.standDown(turn);
    }
}
