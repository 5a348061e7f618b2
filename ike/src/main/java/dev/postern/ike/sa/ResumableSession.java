package dev.postern.ike.sa;

import dev.postern.ticket.Session;
import dev.postern.wire.MessageId;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/// What a client keeps of an IKE SA to resume it: the sealed ticket for the gateway or the name of
/// the gateways' own record, and its own copy of the session.
///
/// @param ticket the sealed ticket, or the SPI pair where the gateways keep the session
/// @param validUntil seconds since 1970; a ticket is not presented after it
/// @param isReference whether `ticket` is the SPI pair of the IKE SA
/// @param lastSwitchCount the highest switch count that was used with this session. By reference
///   each attempt takes the next one, because the gateways may have noted it though their answer
///   was lost (draft-dondeti-ipsec-failover-sol-00 section 4.2.2)
/// @param outerAddress where the client was when it got the ticket; null where that is not known. A
///   gateway is told when it resumes from somewhere else (section 4.2.1)
public record ResumableSession(
        Session session,
        Octets ticket,
        long validUntil,
        boolean isReference,
        int lastSwitchCount,
        @Nullable InetAddress outerAddress) {

    /// Of a client of which nobody knows where it was.
    public ResumableSession(
            Session session,
            Octets ticket,
            long validUntil,
            boolean isReference,
            int lastSwitchCount) {
        this(session, ticket, validUntil, isReference, lastSwitchCount, null);
    }

    /// With a ticket by value.
    public ResumableSession(Session session, Octets ticket, long validUntil) {
        this(session, ticket, validUntil, false, session.gatewaySwitchCount());
    }

    public static ResumableSession byReference(Session session, Octets spiPair, long validUntil) {
        return new ResumableSession(
                session, spiPair, validUntil, true, session.gatewaySwitchCount());
    }

    /// The same, got at this address.
    public ResumableSession at(InetAddress address) {
        return new ResumableSession(
                session, ticket, validUntil, isReference, lastSwitchCount, address);
    }

    /// The same, to be tried under higher switch counts than those that were used with an earlier
    /// one by the same reference.
    public ResumableSession after(@Nullable ResumableSession earlier) {
        if (earlier == null
                || !isReference
                || !earlier.isReference
                || !ticket.equals(earlier.ticket)
                || lastSwitchCount >= earlier.lastSwitchCount) {
            return this;
        }
        return new ResumableSession(
                session, ticket, validUntil, true, earlier.lastSwitchCount, outerAddress);
    }

    /// Whether a client that resumes from here has another outer address than before.
    public boolean hasMovedTo(InetAddress address) {
        return outerAddress != null && !outerAddress.equals(address);
    }

    public boolean isValidAt(long epochSeconds) {
        return epochSeconds < validUntil;
    }

    /// The switch count of the next attempt, which may be more than there can be.
    public int nextSwitchCount() {
        return lastSwitchCount + 1;
    }

    /// Whether the switch counts are used up.
    public boolean isExhausted() {
        return nextSwitchCount() > MessageId.MAXIMUM_SWITCH_COUNT;
    }

    /// What is left after an attempt has gone out. A ticket by value may be tried again under the
    /// same count.
    public ResumableSession attempted() {
        return isReference ? raised() : this;
    }

    /// The same, to be tried under the next switch count.
    public ResumableSession raised() {
        return new ResumableSession(
                session, ticket, validUntil, isReference, nextSwitchCount(), outerAddress);
    }

    @Override
    public String toString() {
        return "ResumableSession["
                + session.kind()
                + ", switch count "
                + lastSwitchCount
                + (isReference ? ", by reference]" : ", ticket of " + ticket.length() + " octets]");
    }
}
