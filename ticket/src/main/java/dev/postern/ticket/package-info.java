/// What a client and its gateway would have to agree on again after a failure, and how it is sealed into a ticket.
///
/// A gateway writes a [Session] as a chain of IKEv2 payloads ([TicketFormat]), a [TicketSealer] seals the chain under the
/// newest key of a [TgsKeyRing], and the client keeps the octets without being able to read them:
///
///     gateway A    Session -> TicketFormat -> SealedTickets.seal      N(IKEV2_TICKET) ->    client
///     gateway B    OpenedTicket <- TicketFormat <- SealedTickets.open <- N(IKEV2_TICKET)    client
///
/// [OpenedTicket] is the proof that a member of the secure domain wrote the session; only a seal that verified makes one.
/// Whether the session may be resumed, by its age, its switch count or policy, is judged elsewhere. Keys come from a
/// [TgsKeyFile], or from a store that the members share. Nothing here knows the time, draws randomness or reads files: all of
/// that comes in as values.
@NullMarked
package dev.postern.ticket;

import org.jspecify.annotations.NullMarked;
