package dev.postern.sim;

import dev.postern.ike.EndpointConfiguration;
import dev.postern.ticket.Revocation;
import dev.postern.wire.Identity;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// What a checker may ask of the simulated world.
public interface World {
    /// Nanoseconds since the start of the run.
    long now();

    Plan plan();

    List<SimulatedGateway> gateways();

    List<SimulatedClient> clients();

    /// Whether a gateway of the domain is there.
    default boolean isGateway(InetSocketAddress socket) {
        for (int i = 0; i < plan().gateways(); i++) {
            if (plan().terms().addresses().gateway(i).equals(socket)) {
                return true;
            }
        }
        return false;
    }

    /// The inner addresses that a gateway gives out.
    default List<InetAddress> share(int gateway) {
        return Desk.addresses(plan(), gateway);
    }

    /// The number of the gateway whose share an inner address is of; -1 for nobody's.
    default int hostOf(InetAddress address) {
        for (int i = 0; i < plan().gateways(); i++) {
            if (Desk.share(plan(), i).contains(address)) {
                return i;
            }
        }
        return -1;
    }

    /// What is revoked at a gateway, as its file has it.
    default List<Revocation> revocationsAt(SimulatedGateway gateway) {
        return gateway.files().revocations();
    }

    /// Whether a gateway knows that another site has taken an address of its own site's along.
    default boolean knowsTaken(SimulatedGateway gateway, InetAddress address) {
        GridSeat seat = gateway.seat();
        SiteSeat sites = seat == null ? null : seat.sites();
        return sites != null && sites.hasTaken(address);
    }

    /// The bounds that every gateway was given.
    default EndpointConfiguration.Limits limits() {
        return Domain.LIMITS;
    }

    /// How long a client stays after a move, at least.
    default long leastDwellNanos() {
        return Domain.FIRST_DWELL_NANOS;
    }

    /// Whether this is a gateway of the domain.
    default boolean isOfDomain(Identity gateway) {
        for (int i = 0; i < plan().gateways(); i++) {
            if (gateway.equals(Domain.gatewayIdentity(i))) {
                return true;
            }
        }
        return false;
    }

    /// What must never be in a datagram and is known from the start: pre-shared keys.
    List<byte[]> secrets();

    /// Tells everybody who watches.
    void tell(Happening happening);
}
