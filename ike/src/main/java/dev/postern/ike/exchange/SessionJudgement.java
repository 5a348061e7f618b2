package dev.postern.ike.exchange;

import dev.postern.ike.Counter;
import dev.postern.ike.ResponderProfile;
import dev.postern.ike.ResumptionPolicy;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ticket.Session;

/// Whether a session that somebody presents may go on at this gateway, whichever protocol it comes
/// by and whether its ticket was opened here, elsewhere, or is a record of the store: it is still
/// good, the policy of now allows it, and nobody has revoked it.
sealed interface SessionJudgement {
    /// @param profile the one that the session names, before its peer's group
    record Permitted(ResponderProfile profile) implements SessionJudgement {}

    /// The answer is TICKET_NACK.
    record Refused(Counter counter) implements SessionJudgement {}

    /// @param suite what the session's IKE proposal names
    static SessionJudgement of(Turn turn, Session session, IkeSuite suite) {
        if (session.isExpiredAt(turn.now().epochSeconds())) {
            return new Refused(Counter.REFUSED_TICKET_EXPIRED);
        }
        ResponderProfile profile = turn.configuration().profile(session.profile());
        if (profile == null
                || !speaks(profile, session)
                || !profile.ikeSuites().contains(suite)
                || !PpkResponder.mayResume(turn, session)
                || !profile.allows(session.authenticationMethod(), session.authenticatedIdentity())
                || !session.domain().equals(turn.configuration().secureDomain())) {
            return new Refused(Counter.REFUSED_TICKET_POLICY);
        }
        Counter revoked = RevokedCertificates.refusalOf(turn, session, profile);
        return revoked == null ? new Permitted(profile) : new Refused(revoked);
    }

    /// Whether the session's peer may resume by the protocol that its ticket is for.
    private static boolean speaks(ResponderProfile profile, Session session) {
        ResumptionPolicy policy = profile.resumption().of(session.authenticatedIdentity());
        return switch (session.kind()) {
            case ONE_ROUND_TRIP -> policy.oneRoundTrip();
            case RFC_5723 -> policy.rfc5723();
        };
    }
}
