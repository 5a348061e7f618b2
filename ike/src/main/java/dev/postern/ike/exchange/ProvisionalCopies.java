package dev.postern.ike.exchange;

import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ticket.Session;

import org.jspecify.annotations.Nullable;

/// The IKE SAs that resumes of one session have made and nobody has confirmed: a few, so that
/// replayed requests cost little. Where there are as many as may be, one with a lower switch count
/// gives way: whoever replays what a client has sent before never keeps it out.
final class ProvisionalCopies {
    private ProvisionalCopies() {}

    /// Whether one more may be made.
    static boolean hasRoom(Turn turn, Session session, int gatewaySwitchCount) {
        return copies(turn, session, null) < most(turn)
                || weakest(turn, session, gatewaySwitchCount, null) != null;
    }

    /// Ends those that give way.
    ///
    /// @param made the one that there has to be room for
    static void makeRoom(Turn turn, IkeSa made, Session session, int gatewaySwitchCount) {
        while (copies(turn, session, made) >= most(turn)) {
            IkeSa weakest = weakest(turn, session, gatewaySwitchCount, made);
            if (weakest == null) {
                return;
            }
            weakest.close(turn, CloseReason.SUPERSEDED, "", false);
        }
    }

    private static int most(Turn turn) {
        return turn.configuration().limits().provisionalPerSession();
    }

    private static int copies(Turn turn, Session session, @Nullable IkeSa without) {
        int copies = 0;
        for (IkeSa sibling : turn.table().bySession(session.sessionId())) {
            copies += sibling != without && sibling.state().isUnconfirmed() ? 1 : 0;
        }
        return copies;
    }

    private static @Nullable IkeSa weakest(
            Turn turn, Session session, int gatewaySwitchCount, @Nullable IkeSa without) {
        IkeSa weakest = null;
        long lowest = rank(session.generation(), gatewaySwitchCount);
        for (IkeSa sibling : turn.table().bySession(session.sessionId())) {
            EstablishedSession known = sibling.session();
            if (sibling != without && sibling.state() instanceof Provisional && known != null) {
                long rank = rank(known.generation(), known.gatewaySwitchCount());
                if (rank < lowest) {
                    lowest = rank;
                    weakest = sibling;
                }
            }
        }
        return weakest;
    }

    private static long rank(long generation, int gatewaySwitchCount) {
        return generation << Byte.SIZE | gatewaySwitchCount;
    }
}
