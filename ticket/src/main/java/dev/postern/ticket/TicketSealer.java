package dev.postern.ticket;

import dev.postern.crypto.Entropy;
import dev.postern.ticket.store.SessionReference;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

/// Seals sessions into tickets and opens them again (failover profile, "The ticket"). Pure but for
/// the entropy passed in; a sealer over an immutable key ring may be shared by threads.
public interface TicketSealer {
    /// Whether no key is held here, so that [#seal] always says [SealResult.Elsewhere] and [#open]
    /// mostly [OpenResult.Elsewhere].
    default boolean sealsElsewhere() {
        return false;
    }

    /// The ticket: TGS-SPI | version | salt | sealed session | tag, under the newest key.
    SealResult seal(Session session, Entropy entropy);

    /// Opens a ticket of the wanted kind, to the last octet. Expiry and policy are not judged here.
    OpenResult open(Octets ticket, Session.Kind kind);

    /// What a client of RFC 5723 is given to name its record (section 6.1), under the newest key of
    /// that time; null where this sealer makes no references.
    default @Nullable Octets sealReference(SessionReference reference, long nowSeconds) {
        return null;
    }

    /// The reference that a member has made; null for anything else.
    default @Nullable SessionReference openReference(Octets presented) {
        return null;
    }
}
