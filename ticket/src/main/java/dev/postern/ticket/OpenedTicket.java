package dev.postern.ticket;

/// The witness that a member of the secure domain wrote this session: only a sealer that has
/// verified the seal makes one.
public final class OpenedTicket implements OpenResult {
    private final Session session;

    OpenedTicket(Session session) {
        this.session = session;
    }

    public Session session() {
        return session;
    }

    @Override
    public String toString() {
        return "OpenedTicket[" + session.authenticatedIdentity() + "]";
    }
}
