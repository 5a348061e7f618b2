package dev.postern.ticket;

/// What came of opening a ticket.
public sealed interface OpenResult permits OpenedTicket, OpenResult.Refused, OpenResult.Elsewhere {
    /// Not opened; the peer gets TICKET_NACK whatever the reason.
    record Refused(TicketRefusal reason) implements OpenResult {}

    /// This member holds no key: the central entity of draft section 6.1 opens.
    record Elsewhere() implements OpenResult {}
}
