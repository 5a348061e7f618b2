package dev.postern.ike;

import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.KeyLogEntry;
import dev.postern.ike.standby.StandbyCounters;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.Octets;

/// What an endpoint wants done, in this order.
public sealed interface Effect {
    /// Send one IKE message; the sender puts the non-ESP marker in front where the path says so.
    record Send(Path path, byte[] octets) implements Effect {}

    /// Make a Child SA known to the data plane. Until [ActivateChildSa] it only opens, it seals
    /// nothing.
    record InstallChildSa(ChildSaInstallation installation) implements Effect {}

    /// Let the Child SA seal: traffic for its selectors goes out under it from now on.
    record ActivateChildSa(int inboundSpi) implements Effect {}

    /// The peer now is at another address.
    record MoveChildSa(int inboundSpi, Path path) implements Effect {}

    record RemoveChildSa(int inboundSpi) implements Effect {}

    /// Leave out this many sequence numbers of the packets that a Child SA seals (RFC 6311 section
    /// 5.2).
    record SkipSequences(int inboundSpi, long count) implements Effect {}

    /// What the standby of a protected IKE SA has to know. Whoever carries it out owns the octets,
    /// which hold keys.
    sealed interface OfStandby extends Effect {}

    /// Keep this record in the place of any that has its key.
    record KeepRecord(StandbyRecord record) implements OfStandby {}

    /// Keep these counters with the record of this key, where they are higher than its own.
    record KeepCounters(StandbyCounters counters) implements OfStandby {}

    /// The IKE SA is no more, and needs no standby.
    record ForgetRecord(Octets key) implements OfStandby {}

    /// A question; the answer comes back as [Input.Answered], or never, which the endpoint
    /// survives.
    record Raise(long askId, Ask ask) implements Effect {}

    record Emit(Event event) implements Effect {}

    /// Keys for a protocol analyser; only where the configuration asks for them, never in a log.
    record LogKeys(KeyLogEntry entry) implements Effect {}
}
