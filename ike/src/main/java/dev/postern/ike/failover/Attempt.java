package dev.postern.ike.failover;

import dev.postern.ike.Event.CloseReason;
import dev.postern.ike.Redirection;

/// An exchange with a gateway that may become the primary.
///
/// @param redirector the gateway that has sent us there in the middle of an attempt; [#NOBODY] for
///   none
record Attempt(long handle, int gateway, boolean resume, Redirection redirection, int redirector) {
    static final int NOBODY = -1;

    /// A full exchange that is to begin.
    static Attempt inFull(int gateway, Redirection redirection) {
        return new Attempt(0, gateway, false, redirection, NOBODY);
    }

    Attempt inFull() {
        return new Attempt(0, gateway, false, redirection, redirector);
    }

    /// The same at another gateway; the first one that has sent us away is kept in mind.
    Attempt redirectedTo(int target, Redirection sent) {
        return new Attempt(0, target, resume, sent, wasRedirected() ? redirector : gateway);
    }

    Attempt begun(long newHandle, boolean resumes) {
        return new Attempt(newHandle, gateway, resumes, redirection, redirector);
    }

    boolean wasRedirected() {
        return redirector != NOBODY;
    }

    /// The gateway is there and will not resume: a full exchange with it is worth a try.
    static boolean mayWorkInFull(CloseReason reason) {
        return switch (reason) {
            case TICKET_REFUSED,
                    NO_PROPOSAL_CHOSEN,
                    INVALID_KE_PAYLOAD,
                    TS_UNACCEPTABLE,
                    ADDRESS_FAILURE,
                    EXHAUSTED,
                    SYNTAX,
                    UNSUPPORTED_CRITICAL_PAYLOAD,
                    TEMPORARY_FAILURE ->
                    true;
            case CLOSED_LOCALLY,
                    DELETED_BY_PEER,
                    PEER_UNRESPONSIVE,
                    AUTHENTICATION_FAILED,
                    UNEXPECTED_IDENTITY,
                    TIMED_OUT,
                    SUPERSEDED,
                    PARKED,
                    REVOKED,
                    HARD_DEADLINE,
                    LIFETIME,
                    REDIRECTED,
                    INTERNAL_ERROR ->
                    false;
        };
    }
}
