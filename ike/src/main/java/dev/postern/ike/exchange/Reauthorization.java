package dev.postern.ike.exchange;

import dev.postern.ike.Input;
import dev.postern.ike.sa.EstablishedSession;

/// A change of what a session may do, at the gateway that holds it (RFC 5176). A client that holds
/// a ticket gets a fresh one; the old one, which it drops then, still has the old limits.
public final class Reauthorization {
    private Reauthorization() {}

    public static void of(Turn turn, Input.Reauthorize change) {
        for (IkeSa sa : turn.table().bySession(change.sessionId())) {
            EstablishedSession session = sa.session();
            if (session != null && sa.isEstablished() && !sa.isClient()) {
                turn.concern(sa);
                long deadline =
                        change.hardDeadline() == 0 ? session.hardDeadline() : change.hardDeadline();
                Relation relation = sa.relation();
                relation.begin(
                        session.reauthorized(deadline, change.aaaAttributes()), relation.profile());
                sa.life().limit(turn, relation);
                if (deadline != session.hardDeadline()) {
                    sa.duties().addNow(turn, new Duty.SendAuthenticationLifetime());
                }
                relation.changed(turn, sa);
                turn.table().timers().schedule(sa);
            }
        }
    }
}
