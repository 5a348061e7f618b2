package dev.postern.gateway.tickets;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The connections at the service's end, the oldest first. Anybody can open some, so strangers have
/// places of their own, and a new one takes that of the stranger who has been there longest: a
/// gateway that shakes hands without delay is never kept out. For any thread.
final class Connections {
    /// Gateways that are served at once at most.
    static final int LIMIT = 256;

    /// Connections that have not shown a gateway's certificate yet.
    static final int STRANGERS = 64;

    private final Set<GatewayConnection> all = new LinkedHashSet<>();
    private boolean closed;

    /// @return false where there are too many gateways, or no new ones are taken any more
    synchronized boolean add(GatewayConnection connection) {
        List<GatewayConnection> strangers =
                all.stream().filter(each -> !each.isAdmitted()).toList();
        if (closed || all.size() - strangers.size() >= LIMIT) {
            return false;
        }
        if (strangers.size() >= STRANGERS) {
            strangers.getFirst().close();
            all.remove(strangers.getFirst());
        }
        return all.add(connection);
    }

    synchronized void remove(GatewayConnection connection) {
        all.remove(connection);
    }

    synchronized int admitted() {
        return (int) all.stream().filter(GatewayConnection::isAdmitted).count();
    }

    synchronized void cutOffSlow() {
        all.forEach(GatewayConnection::cutOffIfSlow);
    }

    synchronized void closeAll() {
        closed = true;
        all.forEach(GatewayConnection::close);
        all.clear();
    }
}
