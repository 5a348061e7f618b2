package dev.postern.ike.exchange;

import dev.postern.ike.Event;
import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ticket.Session;

/// What a gateway says of a session before it carries on with it.
final class Continuation {
    private Continuation() {}

    /// @param before as the last gateway has written it down
    static Event of(IkeSa sa, Session before) {
        return new Event.SessionContinued(
                sa.handle(),
                before.sessionId(),
                before.responder(),
                EstablishedSession.innerAddresses(before.configuration()));
    }
}
