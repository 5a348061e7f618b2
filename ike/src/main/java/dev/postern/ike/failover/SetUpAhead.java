package dev.postern.ike.failover;

import dev.postern.ike.Event;

/// A session that is set up before anybody needs it (draft-vidya-ipsec-failover-ps-02 section
/// 4.1.1): it is parked as soon as the client holds what resumes it, and comes back with the first
/// packet.
public final class SetUpAhead {
    private boolean pending;

    /// @param wanted whether the session that is being set up is to be parked
    public SetUpAhead(boolean wanted) {
        this.pending = wanted;
    }

    /// Whether the client is to be parked now, once: its first ticket has come.
    public boolean isDone(Event event) {
        boolean done = pending && event instanceof Event.TicketReceived;
        pending &= !done;
        return done;
    }

    /// Where somebody has something to send already, the session stays.
    ///
    /// @param waiting packets that no SA has taken so far
    public void waitFor(long waiting) {
        pending &= waiting == 0;
    }
}
