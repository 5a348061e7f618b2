package dev.postern.ticket;

/// Why a ticket did not open; also the name under which it is counted. The peer learns none of
/// this.
public enum TicketRefusal {
    /// Shorter than its fixed parts, or longer than any ticket.
    MALFORMED,
    /// A version of the format that is not known.
    UNKNOWN_VERSION,
    /// No key has this TGS-SPI: rotated away, or another domain's.
    UNKNOWN_KEY,
    /// The seal does not verify.
    NOT_AUTHENTIC,
    /// Sealed by a member, yet its content does not parse: a member with another idea of the
    /// format.
    UNREADABLE
}
