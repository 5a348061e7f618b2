package dev.postern.ticket;

import dev.postern.wire.Octets;

/// What came of sealing a session. Only [Sealed] gives its peer a ticket; in all other cases the
/// session goes on without one and is set up again in full after a failure.
public sealed interface SealResult {
    /// The ticket.
    record Sealed(Octets ticket) implements SealResult {}

    /// The session does not fit into a ticket, which is what a server with many attributes can do
    /// to it.
    ///
    /// @param reason what there is too much of, for people
    record Unfit(String reason) implements SealResult {}

    /// Every key has expired, or there never was one.
    record NoKey() implements SealResult {}

    /// This member holds no key: the central entity of draft section 6.1 seals.
    record Elsewhere() implements SealResult {}
}
