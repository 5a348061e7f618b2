package dev.postern.ike;

import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.KeyLogEntry;

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

    /// A question; the answer comes back as [Input.Answered], or never, which the endpoint
    /// survives.
    record Raise(long askId, Ask ask) implements Effect {}

    record Emit(Event event) implements Effect {}

    /// Keys for a protocol analyser; only where the configuration asks for them, never in a log.
    record LogKeys(KeyLogEntry entry) implements Effect {}
}
