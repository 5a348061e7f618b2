package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.wire.ExchangeType;
import dev.postern.wire.Payload;

import java.util.ArrayList;
import java.util.List;

/// An ordinary INFORMATIONAL with N(IPSEC_REPLAY_COUNTER_SYNC), for a peer that synchronizes replay
/// counters and not Message IDs (RFC 6311 section 5, case 2).
record ReplayCounterSync() implements OwnRequest {
    static void send(Turn turn, IkeSa sa) {
        HeldChildSa first = sa.children().first();
        if (first == null) {
            return;
        }
        boolean extended = first.child().suite().extendedSequenceNumbers();
        List<Payload> payloads = new ArrayList<>(2);
        payloads.add(CounterSync.replayCounters(extended, sa.relation().standby().leap()));
        payloads.addAll(CounterSync.failoverCount(sa));
        sa.request(
                turn,
                ExchangeType.INFORMATIONAL,
                payloads,
                sa.relation().schedule(),
                new ReplayCounterSync());
    }

    @Override
    public Duty again(IkeSa sa) {
        return new Duty.SyncReplayCounters();
    }

    @Override
    public void onResponse(Turn turn, IkeSa sa, List<Payload> payloads) {
        turn.count(Counter.SYNCHRONIZED);
        TakeOver.synchronizedWith(turn, sa);
    }
}
