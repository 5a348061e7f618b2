package dev.postern.sim;

import dev.postern.ike.EndpointConfiguration;
import dev.postern.wire.Identity;

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
