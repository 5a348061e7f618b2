package dev.postern.ike;

import java.util.Locale;

/// What an endpoint counts: every message that is dropped or refused has its reason here. The name
/// is the metric's label.
public enum Counter {
    // Octets that are no message, by [dev.postern.wire.Malformation].
    MALFORMED_TRUNCATED,
    MALFORMED_LENGTH_MISMATCH,
    MALFORMED_LENGTH_TOO_SMALL,
    MALFORMED_LENGTH_TOO_LARGE,
    MALFORMED_TRAILING_OCTETS,
    MALFORMED_VERSION,
    MALFORMED_EXCHANGE_TYPE,
    MALFORMED_HEADER,
    MALFORMED_TOO_MANY,
    MALFORMED_PAYLOAD_ORDER,
    MALFORMED_FIELD,
    MALFORMED_GATEWAY_LIST,
    // Well-formed, and dropped.
    DROPPED_UNKNOWN_SPI,
    DROPPED_WRONG_STATE,
    DROPPED_WRONG_DIRECTION,
    DROPPED_MESSAGE_ID,
    DROPPED_NOT_PROTECTED,
    DOUBTED_BY_CLEAR_NOTIFY,
    DROPPED_NOT_AUTHENTIC,
    DROPPED_KEY_EXCHANGE,
    DROPPED_HALF_OPEN_LIMIT,
    DROPPED_PROVISIONAL_LIMIT,
    DROPPED_FETCH_LIMIT,
    /// One source has made us ask a store or a ticket service too often for nothing.
    DROPPED_VAIN_QUESTIONS,
    DROPPED_UNWANTED_RESPONSE,
    DROPPED_FRAGMENT,
    /// Too many tickets wait for the ticket service to open them.
    DROPPED_OPENING_LIMIT,
    /// A TICKET_NACK in clear text that was not sent, because there were too many.
    SUPPRESSED_TICKET_NACK,
    /// A refusal in clear text, taken as a hint.
    NOTED_UNPROTECTED_REFUSAL,
    // Answered.
    /// A request under an IKE SA that is not here (RFC 6290).
    CRASH_TOKEN_SENT,
    CRASH_TOKEN_WRONG,
    RETRANSMITTED_RESPONSE,
    RETRANSMITTED_REQUEST,
    COOKIE_SENT,
    COOKIE_WRONG,
    PUZZLE_SENT,
    PUZZLE_SOLVED,
    PUZZLE_WRONG,
    /// A synchronization request that is no news, or an answer to none of ours.
    DROPPED_SYNCHRONIZATION,
    REFUSED_NO_PROPOSAL_CHOSEN,
    REFUSED_INVALID_KE_PAYLOAD,
    REFUSED_INVALID_SYNTAX,
    REFUSED_MAJOR_VERSION,
    REFUSED_CRITICAL_PAYLOAD,
    REFUSED_AUTHENTICATION,
    /// The profile keeps the IKE SA that the identity has.
    REFUSED_NOT_UNIQUE,
    REFUSED_EAP,
    /// The peer has no post-quantum pre-shared key that its profile asks for.
    REFUSED_PPK,
    REFUSED_CERTIFICATE,
    REFUSED_CERTIFICATE_REVOKED,
    REFUSED_TS_UNACCEPTABLE,
    /// There was no inner address, or none in time for a client that resumes.
    REFUSED_ADDRESS,
    REFUSED_NAT,
    REFUSED_CREATE_CHILD_SA,
    /// IKE_FOLLOWUP_KE of a series that is not known, or not any more.
    REFUSED_STATE_NOT_FOUND,
    REFUSED_TICKET_NOT_OPENED,
    /// The ticket service did not answer in time.
    REFUSED_TICKET_SERVICE,
    REFUSED_TICKET_EXPIRED,
    REFUSED_TICKET_POLICY,
    REFUSED_TICKET_REVOKED,
    REFUSED_TICKET_STALE_COUNT,
    REFUSED_TICKET_IDENTITY,
    REFUSED_TICKET_BUSY,
    /// The session store had no record, did not answer in time, or answered what cannot be.
    REFUSED_SESSION_NOT_FETCHED,
    /// Another request took the switch count between our look and our claim.
    REFUSED_SWITCH_COUNT_TAKEN,
    /// A client came while the gateway was being emptied, and cannot be redirected.
    REFUSED_DRAINING,
    /// N(GATEWAY_SWITCH) that is malformed, no news, or without the vouchers that it needs.
    DROPPED_SWITCH,
    /// Vouchers that do not show that the gateway we know has named the one that we are sent to.
    REFUSED_VOUCHER,
    /// N(REDIRECT) without our nonce, without a gateway, or where we do not follow it.
    DROPPED_REDIRECT,
    // Went well.
    REDIRECTED_IN_IKE_SA_INIT,
    REDIRECTED_IN_IKE_AUTH,
    REDIRECTED_IN_RESUME,
    REDIRECTED_IN_INFORMATIONAL,
    /// Clients that were sent to another gateway by N(GATEWAY_SWITCH), with vouchers.
    SWITCHES_ORDERED,
    /// Switches whose vouchers were found good.
    SWITCHES_VERIFIED,
    ESTABLISHED_FULL,
    ESTABLISHED_RESUMED_1RTT,
    ESTABLISHED_RESUMED_RFC_5723,
    CONFIRMED_PROVISIONAL,
    ADDRESSES_UPDATED,
    EXPIRED_HALF_OPEN,
    EVICTED_HALF_OPEN,
    EXPIRED_PROVISIONAL,
    REVOKED_SESSIONS,
    REVOCATIONS_COLLAPSED,
    /// IKE SAs of a client that has connected anew.
    ENDED_BY_INITIAL_CONTACT,
    EXPIRED_REPLACED,
    EXPIRED_CHILD_SA,
    /// Both peers have rekeyed the same SA at once.
    REKEY_COLLISION,
    TICKETS_ISSUED,
    /// A session went without a ticket: it does not fit into one.
    TICKETS_UNFIT,
    /// A session went without a ticket: there was no key, or nobody to seal it.
    TICKETS_NOT_SEALED,
    SESSIONS_PARKED,
    SESSIONS_STORED,
    SESSIONS_NOT_STORED,
    RFC_5723_AUTH_RFC_FORM,
    RFC_5723_AUTH_SHORT_FORM,
    /// Packets for which we have no SA, of which a peer was told.
    INVALID_SPI_TOLD,
    /// Child SAs that a peer has told us it lacks.
    INVALID_SPI_HEARD,
    /// IKE SAs of another member that we carry on with.
    TAKEN_OVER,
    /// Standby records that could not be carried on with: the clients resume.
    REFUSED_TAKE_OVER,
    /// IKE SAs of another member whose clients were told to come here instead.
    RESTORED,
    /// Such clients that did not come.
    EXPIRED_RESTORED,
    /// Synchronizations that we have begun after a takeover (RFC 6311).
    SYNCHRONIZATIONS,
    /// Synchronizations that came to a good end, on either side.
    SYNCHRONIZED,
    // Our own bugs: the IKE SA concerned was closed, the endpoint goes on.
    INTERNAL_ERROR;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
