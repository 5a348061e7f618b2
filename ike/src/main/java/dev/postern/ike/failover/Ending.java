package dev.postern.ike.failover;

import dev.postern.ike.Event.CloseReason;

/// How the IKE SA that served the client has ended, and where the client goes next.
enum Ending {
    /// The gateway does not answer. Others come first, and the ticket is as good as it was.
    SILENCE,
    /// The gateway has shown that it has lost the IKE SA (RFC 6290): it is there, and takes the
    /// ticket at once.
    CRASH,
    /// One of the two has ended it, and its tickets with it (failover profile, "Capability
    /// negotiation").
    WORD;

    static Ending of(CloseReason reason) {
        return switch (reason) {
            case PEER_UNRESPONSIVE -> SILENCE;
            case PEER_CRASHED -> CRASH;
            case CLOSED_LOCALLY,
                    DELETED_BY_PEER,
                    AUTHENTICATION_FAILED,
                    UNEXPECTED_IDENTITY,
                    TICKET_REFUSED,
                    NO_PROPOSAL_CHOSEN,
                    INVALID_KE_PAYLOAD,
                    TS_UNACCEPTABLE,
                    ADDRESS_FAILURE,
                    EXHAUSTED,
                    SYNTAX,
                    UNSUPPORTED_CRITICAL_PAYLOAD,
                    TEMPORARY_FAILURE,
                    TIMED_OUT,
                    SUPERSEDED,
                    PARKED,
                    REVOKED,
                    HARD_DEADLINE,
                    LIFETIME,
                    REDIRECTED,
                    RESUMABLE,
                    INTERNAL_ERROR ->
                    WORD;
        };
    }

    boolean endsSession() {
        return this == WORD;
    }

    boolean letsReturnAtOnce() {
        return this == CRASH;
    }
}
