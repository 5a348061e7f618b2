package dev.postern.ticket;

/// What came of opening a ticket.
public sealed interface OpenResult permits OpenedTicket, OpenResult.Refused {
    /// Not opened; the peer gets TICKET_NACK whatever the reason.
    record Refused(TicketRefusal reason) implements OpenResult {}
}
