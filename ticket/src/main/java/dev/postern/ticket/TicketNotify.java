package dev.postern.ticket;

/// Notify message types that stand inside a sealed session and nowhere else. Private-use status
/// types, 61696 to 61727 are kept for tickets; they never travel outside a seal.
///
/// | number | name | stands | data |
/// |---|---|---|---|
/// | 61696 | SESSION | always, behind the IKE SA payload | the fields below, without gaps |
/// | 61697 | AUTHENTICATED_IDENTITY | only where it is not IDi | the body of an ID payload |
/// | 61699 | PEER_CERTIFICATE | where the peer was authenticated by one | SHA-256 of the certificate, 32 octets |
/// | 61698 | AAA_ATTRIBUTES | where there are any | RADIUS attributes, each type, length, value (RFC 2865 section 5) |
///
/// The data of SESSION:
///
/// | octets | field |
/// |---|---|
/// | 16 | session id |
/// | 4 | generation |
/// | 1 | gateway switch count, 0 to 15 |
/// | 1 | AUTH method really used |
/// | 2 | extensions, the bits of [Session.Extension] |
/// | 1 | index of the default Child SA, from 0; 255 for none |
/// | 5 | when the peer was authenticated, seconds since 1970 UTC |
/// | 5 | when the ticket was issued |
/// | 5 | when it expires |
/// | 5 | hard deadline, 0 for none |
/// | 1, n | length and octets of SH; length 0 in a ticket of RFC 5723 |
/// | 1, n | length and octets of RS, or of SK_d in a ticket of RFC 5723 |
/// | 1, n | length and octets of the connection profile's name, UTF-8 |
/// | 1, n | length and octets of the secure domain's name, UTF-8 |
///
/// Times have 40 bits because certificates may end in the year 9999 (RFC 5280 section 4.1.2.5).
final class TicketNotify {
    static final int FIRST = 61696;
    static final int SESSION = FIRST;
    static final int AUTHENTICATED_IDENTITY = FIRST + 1;
    static final int AAA_ATTRIBUTES = FIRST + 2;
    static final int PEER_CERTIFICATE = FIRST + 3;

    private TicketNotify() {}
}
