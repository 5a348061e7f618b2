package dev.postern.ike.exchange;

import dev.postern.ike.Input;
import dev.postern.wire.Header;
import dev.postern.wire.Octets;

import java.util.List;

/// What an endpoint is told about hot standby beside the records of another member, which
/// [TakeOvers] gets.
public final class HotStandby {
    private static final int FLAGS = 19;
    private static final int FROM_INITIATOR = 0x08;

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

    /// Packets for which there is no SA may say that a Child SA was not in the record by which we
    /// have carried on.
    public static void wayward(Turn turn, List<Input.Wayward> packets) {
        InvalidSpi.noticed(turn, packets);
    }

    /// Whether a message says that it belongs to an IKE SA that stands here (RFC 7296 section 3.1).
    public static boolean holds(Turn turn, byte[] message) {
        if (message.length < Header.LENGTH) {
            return false;
        }
        Octets octets = Octets.of(message);
        boolean fromInitiator = (message[FLAGS] & FROM_INITIATOR) != 0;
        return turn.table().byLocalSpi(octets.toLong(fromInitiator ? 8 : 0)) != null;
    }

    /// Another member owns all that is protected here.
    public static void standDown(Turn turn) {
        StandbyReplication.standDown(turn);
    }
}
