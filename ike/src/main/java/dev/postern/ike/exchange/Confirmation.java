package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.sa.ChildSa;

/// The peer of a provisional IKE SA has shown that it holds the new keys: now, and only now, it
/// displaces its predecessors (failover profile, "Keys"; RFC 5723 section 4.3.4).
final class Confirmation {
    private Confirmation() {}

    static void confirm(Turn turn, IkeSa sa) {
        if (!(sa.state() instanceof Provisional)) {
            Predecessor.succeeded(turn, sa);
            return;
        }
        sa.enter(turn, new Established());
        turn.count(Counter.CONFIRMED_PROVISIONAL);
        for (ChildSa child : sa.childSas()) {
            sa.children().used(turn, child.inboundSpi());
        }
        turn.emit(new Event.SessionConfirmed(sa.handle(), sa.sessionId()));
        supersedeOthers(turn, sa);
        SessionRecord.confirmed(turn, sa);
        AddressAnnouncement.afterResume(turn, sa);
    }

    /// Ends every other IKE SA of the same session, without a Delete. Nobody was told yet of one
    /// that still waits for its address.
    static void supersedeOthers(Turn turn, IkeSa sa) {
        for (IkeSa other : turn.table().bySession(sa.sessionId())) {
            if (other != sa) {
                other.close(turn, CloseReason.SUPERSEDED, "", other.session() == null);
            }
        }
    }
}
