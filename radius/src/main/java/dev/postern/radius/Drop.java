package dev.postern.radius;

/// Why a datagram was passed over; the request it seemed to answer goes on waiting. Also the name
/// under which it is counted.
public enum Drop {
    /// Not a RADIUS packet: a length of the packet or of an attribute does not fit, or no known
    /// code.
    MALFORMED,
    /// From an address and port that is no server's.
    UNKNOWN_SOURCE,
    /// No request of this identifier is outstanding there.
    UNKNOWN_IDENTIFIER,
    /// A code that does not answer what was asked.
    WRONG_CODE,
    /// The Response Authenticator is not the one of our request and secret.
    WRONG_AUTHENTICATOR,
    /// An answer to an Access-Request without Message-Authenticator (RFC 3579 section 3.2): it
    /// might be forged from another answer by a chosen-prefix collision of MD5.
    NO_MESSAGE_AUTHENTICATOR,
    WRONG_MESSAGE_AUTHENTICATOR
}
