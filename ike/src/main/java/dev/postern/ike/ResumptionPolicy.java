package dev.postern.ike;

/// Which resumption protocols a profile speaks, and how.
///
/// @param oneRoundTrip the 1-RTT profile: ask for and issue N(IKEV2_TICKET)
/// @param rfc5723 ask for and issue N(TICKET_LT_OPAQUE)
/// @param ticketLifetimeSeconds how long issued tickets are good
/// @param keyExchange whether a resume must carry KEi and KEr
/// @param rfc5723Auth which AUTH forms are accepted after an RFC 5723 resume
public record ResumptionPolicy(
        boolean oneRoundTrip,
        boolean rfc5723,
        long ticketLifetimeSeconds,
        KeyExchangeInResume keyExchange,
        Rfc5723Auth rfc5723Auth) {

    public static final ResumptionPolicy DISABLED =
            new ResumptionPolicy(false, false, 0, KeyExchangeInResume.NEVER, Rfc5723Auth.RFC);

    /// Forward secrecy within the resume exchange.
    public enum KeyExchangeInResume {
        /// Offered never; a peer's offer is taken up.
        NEVER,
        /// A resume without is answered with INVALID_KE_PAYLOAD under SK.
        REQUIRED
    }

    /// Forms of AUTH in the IKE_AUTH that follows exchange 38; a gateway answers in the form that
    /// it received.
    public enum Rfc5723Auth {
        /// Octets of RFC 7296 section 2.15, as RFC 5723 section 4.3.3 says.
        RFC,
        /// prf(SK_p, message) only.
        LIBRESWAN,
        BOTH
    }
}
