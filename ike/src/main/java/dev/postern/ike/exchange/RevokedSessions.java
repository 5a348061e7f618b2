package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ticket.Revocable;
import dev.postern.ticket.Revocation;

import org.jspecify.annotations.Nullable;

/// A revocation at the gateway that holds what it covers (failover profile, "Revocation"). Tickets
/// are judged when they come; what lives is ended here, with a Delete, so that the peer drops its
/// tickets as well.
public final class RevokedSessions {
    private RevokedSessions() {}

    public static void revoke(Turn turn, Revocation revocation) {
        Revocation effective = revocation;
        long now = turn.now().epochSeconds();
        if (turn.revocations().add(revocation, now)) {
            turn.count(Counter.REVOCATIONS_COLLAPSED);
            effective = new Revocation.OfEverything(now);
        }
        for (IkeSa sa : turn.table().all()) {
            Revocable session = sessionOf(sa);
            if (session != null
                    && (effective.covers(session) || revocation.covers(session))
                    && !sa.isClient()) {
                turn.concern(sa);
                turn.count(Counter.REVOKED_SESSIONS);
                end(turn, sa);
            } else if (sa.state().isUnconfirmed() && session == null) {
                // Judged before, not performed yet: its retransmission is judged anew.
                sa.close(turn, CloseReason.REVOKED, "", true);
            }
        }
    }

    private static @Nullable Revocable sessionOf(IkeSa sa) {
        EstablishedSession established = sa.session();
        if (established != null) {
            return established;
        }
        return sa.state() instanceof HalfOpen half ? half.resumed() : null;
    }

    private static void end(Turn turn, IkeSa sa) {
        if (sa.session() == null) {
            sa.close(turn, CloseReason.REVOKED, "", true);
        } else if (!(sa.state() instanceof Deleting)) {
            Informational.delete(turn, sa, CloseReason.REVOKED);
            if (!(sa.state() instanceof Closed)) {
                turn.table().timers().schedule(sa);
            }
        }
    }
}
