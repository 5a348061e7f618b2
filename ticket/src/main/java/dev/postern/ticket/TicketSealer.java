package dev.postern.ticket;

import dev.postern.crypto.Entropy;
import dev.postern.wire.Octets;

/// Seals sessions into tickets and opens them again (failover profile, "The ticket"). Pure but for
/// the entropy passed in; a sealer over an immutable key ring may be shared by threads.
public interface TicketSealer {
    /// The ticket: TGS-SPI | version | salt | sealed session | tag, under the newest key.
    SealResult seal(Session session, Entropy entropy);

    /// Opens a ticket of the wanted kind, to the last octet. Expiry and policy are not judged here.
    OpenResult open(Octets ticket, Session.Kind kind);
}
