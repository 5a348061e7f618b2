package dev.postern.ike.exchange;

import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Now;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.standby.StandbyChildSa;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.ticket.Session;
import dev.postern.ticket.SessionBuilder;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// An IKE SA as a [StandbyRecord].
final class StandbySnapshot {
    private StandbySnapshot() {}

    /// The IKE SA as it is now; null where its keys were not kept. Whoever gets it owns its keys.
    static @Nullable StandbyRecord of(Turn turn, IkeSa sa) {
        EstablishedSession session = sa.session();
        SecretBytes keys = sa.keys().transportKeys();
        if (session == null || keys == null) {
            return null;
        }
        List<StandbyChildSa> children = new ArrayList<>(1);
        for (HeldChildSa child : sa.children().all()) {
            StandbyChildSa kept = child(turn, child);
            if (kept != null) {
                children.add(kept);
            }
        }
        SessionRecord kept = sa.record();
        List<Octets> response = sa.responses().lastDatagrams();
        int length = response.stream().mapToInt(Octets::length).sum();
        return new StandbyRecord(
                sa.spiI(),
                sa.spiR(),
                sa.isInitiator(),
                sa.path(),
                session(session, sa, turn.now()),
                keys.copy(),
                sa.relation().standby().failoverCount(),
                sa.state() instanceof Replaced,
                sa.relation().isTicketed(),
                kept == null ? null : kept.kind(),
                epoch(turn.now(), sa.life().lastShown()),
                epoch(turn.now(), sa.life().rekeyAt()),
                epoch(turn.now(), sa.life().endsAt()),
                sa.requests().nextId(),
                sa.responses().expectedId(),
                sa.responses().lastRequestHash(),
                length <= StandbyRecord.LONGEST_RESPONSE ? response : List.of(),
                children,
                SequenceLeap.noted(
                        sa.relation().standby().unknown(), turn.takeOvers().epoch() - doubt(sa)));
    }

    private static int doubt(IkeSa sa) {
        return sa.children().all().stream().mapToInt(HeldChildSa::doubt).max().orElse(0);
    }

    /// The session's record with SK_d in it; its Child SAs stand beside it.
    private static Session session(EstablishedSession session, IkeSa sa, Now now) {
        Session bare =
                session.toSession(
                        Session.Kind.RFC_5723,
                        sa.keys(),
                        List.of(),
                        now.epochSeconds(),
                        now.epochSeconds());
        return new SessionBuilder(bare).sessionHash(session.sessionHash()).build();
    }

    private static @Nullable StandbyChildSa child(Turn turn, HeldChildSa child) {
        SecretBytes keys = child.keys();
        StandbyChildSa.Standing standing =
                switch (child.standing()) {
                    case LIVE -> StandbyChildSa.Standing.LIVE;
                    case REPLACED -> StandbyChildSa.Standing.REPLACED;
                    case DELETING -> StandbyChildSa.Standing.DELETING;
                    case LINGERING -> null;
                };
        return keys == null || standing == null
                ? null
                : new StandbyChildSa(
                        child.child(),
                        keys.copy(),
                        standing,
                        child.isSealing(),
                        child.replaces(),
                        child.lastOutbound(),
                        child.highestInbound(),
                        epoch(turn.now(), child.endsAt()));
    }

    /// An instant as seconds since 1970; 0 for never.
    private static long epoch(Now now, long nanos) {
        return nanos == RequestWindow.NEVER
                ? 0
                : now.epochSeconds() + Math.floorDiv(nanos - now.nanos(), Now.NANOS_PER_SECOND);
    }

    /// The other way round.
    static long nanos(Now now, long epochSeconds) {
        return epochSeconds == 0
                ? RequestWindow.NEVER
                : now.nanos() + (epochSeconds - now.epochSeconds()) * Now.NANOS_PER_SECOND;
    }
}
