package dev.postern.ike;

import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Octets;

/// What happens to an endpoint.
public sealed interface Input {
    /// A datagram of one IKE message, without non-ESP marker. The endpoint keeps `octets`.
    record Datagram(Path path, byte[] octets) implements Input {}

    /// The time that [IkeEndpoint#nextDeadline] named has come.
    record DeadlineReached() implements Input {}

    /// The answer to an [Ask].
    record Answered(long askId, Answer answer) implements Input {}

    /// The data plane has verified a packet of this Child SA: proof that the peer holds its keys.
    /// Delivered for the first packet, and again from time to time as evidence of life.
    record PacketVerified(int inboundSpi) implements Input {}

    /// Sets up an IKE SA and a Child SA by a full exchange.
    record Initiate(long handle, InitiatorProfile profile, Path path) implements Input {}

    /// Sets them up from a ticket, by the exchange that the ticket is for.
    record Resume(long handle, InitiatorProfile profile, Path path, ResumableSession session)
            implements Input {}

    /// Checks that the peer lives, with this schedule (RFC 7296 section 2.4).
    record Probe(long handle, RetransmissionSchedule schedule) implements Input {}

    /// Ends an IKE SA: by a Delete exchange, or silently.
    record Close(long handle, boolean silently) implements Input {}

    /// Names the other gateways of the domain, with their weights and loads, from now on.
    record AnnounceGateways(AlternativeGateways gateways) implements Input {}

    /// Revokes sessions: none of them is resumed from now on, and the IKE SAs of those that live
    /// here are deleted.
    record Revoke(Revocation revocation) implements Input {}

    /// Ends, silently, whatever this endpoint holds of a session that was confirmed elsewhere.
    record SupersedeSession(Octets sessionId) implements Input {}
}
