package dev.postern.ike.sa;

import dev.postern.ticket.Session;
import dev.postern.wire.Octets;

/// What a client keeps of an IKE SA to resume it: the sealed ticket for the gateway, and its own
/// copy of the session.
///
/// @param validUntil seconds since 1970; a ticket is not presented after it
public record ResumableSession(Session session, Octets ticket, long validUntil) {
    public boolean isValidAt(long epochSeconds) {
        return epochSeconds < validUntil;
    }

    @Override
    public String toString() {
        return "ResumableSession["
                + session.kind()
                + ", switch count "
                + session.gatewaySwitchCount()
                + ", ticket of "
                + ticket.length()
                + " octets]";
    }
}
