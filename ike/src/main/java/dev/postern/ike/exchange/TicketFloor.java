package dev.postern.ike.exchange;

import dev.postern.ike.sa.EstablishedSession;

/// How far a client has come for certain: the generation whose ticket it has acknowledged, and the
/// switch count with which it came. What was made before is a replay, even while the ticket of a
/// further generation is still on its way to the client.
record TicketFloor(int generation, int switchCount) {
    static TicketFloor of(EstablishedSession session) {
        return new TicketFloor(session.generation(), session.gatewaySwitchCount());
    }

    /// @param requested the count that a request asks for; only a higher one is new
    boolean isAbove(int ofTicket, int requested) {
        return ofTicket < generation || (ofTicket == generation && requested <= switchCount);
    }
}
