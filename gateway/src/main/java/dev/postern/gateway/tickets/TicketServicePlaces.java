package dev.postern.gateway.tickets;

import dev.postern.gateway.eap.TlsIdentity;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// Where a gateway's ticket service is, and how the two prove themselves to each other.
///
/// @param addresses services of the same domain, the preferred one first
/// @param identity the gateway's certificate, whom it trusts, and of which names the service's
///   certificate must hold one
/// @param deadline for one question, over all services
public record TicketServicePlaces(
        List<InetSocketAddress> addresses, TlsIdentity identity, Duration deadline) {
    /// One of them.
    record Place(InetSocketAddress address, List<String> names) {
        @Override
        public String toString() {
            return address.getAddress().getHostAddress() + ":" + address.getPort();
        }
    }

    public TicketServicePlaces {
        addresses = List.copyOf(addresses);
    }

    List<Place> all() {
        return addresses.stream()
                .map(address -> new Place(address, identity.serverNames()))
                .toList();
    }

    long deadlineNanos() {
        return deadline.toNanos();
    }
}
