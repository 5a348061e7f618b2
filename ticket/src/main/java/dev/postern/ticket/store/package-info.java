/// Sessions that a gateway keeps instead of handing them to its client (draft-dondeti-ipsec-failover-sol-00 section 4.1.4,
/// RFC 5723 "ticket by reference").
///
/// A [StoredSession] is a ticket as [dev.postern.ticket.TicketSealer] seals it, so a store and its disk see nothing they could
/// use, and beside it the one thing that changes: the gateway switch count. A [SessionStore] finds it by a [SessionReference]:
///
///     gateway A    seal(Session) -> StoredSession -> put(reference)      N(IKE_SPI_PAIR) ->    client
///     gateway B    Session <- open <- fetch(reference)                <- N(IKE_SPI_PAIR), SK   client
///                  SK verifies -> raise(reference, count, claim): one request wins
///
/// What is behind the interface is not trusted: a record that was written by no member does not open, and one that belongs to
/// somebody else holds a secret under which the client's request does not verify.
@NullMarked
package dev.postern.ticket.store;

import org.jspecify.annotations.NullMarked;
