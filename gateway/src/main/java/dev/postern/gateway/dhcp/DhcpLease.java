package dev.postern.gateway.dhcp;

import dev.postern.ike.Ask;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One session's lease and where it stands (RFC 2131 section 4.4). Owned by its [DhcpLeases].
final class DhcpLease {
    enum State {
        /// DHCPDISCOVER is out.
        SELECTING,
        /// DHCPREQUEST for what was offered is out.
        REQUESTING,
        BOUND,
        /// DHCPREQUEST for more time is out.
        RENEWING
    }

    final byte[] clientIdentifier;
    final byte[] hardware;
    final Octets sessionId;
    final Set<Long> holders = new HashSet<>(2);
    State state = State.SELECTING;
    int transaction;
    int transmissions;
    long sendAt;
    long giveUpAt;
    long renewAt = Long.MAX_VALUE;
    long expiresAt = Long.MAX_VALUE;
    InetAddress address = DhcpMessage.NONE;
    byte[] server = {};
    List<InetAddress> nameServers = List.of();

    /// Who waits for it; null where nobody does.
    @Nullable Waiting waiting;

    /// A question of the endpoint.
    record Waiting(long askId, Ask.LeaseAddresses ask) {}

    DhcpLease(byte[] clientIdentifier, byte[] hardware, Octets sessionId) {
        this.clientIdentifier = clientIdentifier;
        this.hardware = hardware;
        this.sessionId = sessionId;
    }

    boolean isBound() {
        return state == State.BOUND || state == State.RENEWING;
    }

    long nextDeadline() {
        return switch (state) {
            case SELECTING, REQUESTING -> Math.min(sendAt, giveUpAt);
            case BOUND -> Math.min(renewAt, expiresAt);
            case RENEWING -> Math.min(sendAt, expiresAt);
        };
    }
}
