package dev.postern.ike.exchange;

import dev.postern.ike.Input;
import dev.postern.ike.sa.EstablishedSession;

/// A change of what a session may do, at the gateway that holds it (RFC 5176). Tickets from now on
/// carry it; those that the client holds already do not.
public final class Reauthorization {
    private Reauthorization() {}

    public static void of(Turn turn, Input.Reauthorize change) {
        for (IkeSa sa : turn.table().bySession(change.sessionId())) {
            EstablishedSession session = sa.session();
            if (session != null && !sa.isInitiator() && !(sa.state() instanceof Deleting)) {
                turn.concern(sa);
                long deadline =
                        change.hardDeadline() == 0 ? session.hardDeadline() : change.hardDeadline();
                sa.authenticated(
                        turn,
                        session.reauthorized(deadline, change.aaaAttributes()),
                        sa.liveness());
                turn.table().timers().schedule(sa);
            }
        }
    }
}
