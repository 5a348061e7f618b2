package dev.postern.sim;

import dev.postern.ike.EndpointConfiguration;

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
            if (Addresses.gateway(i).equals(socket)) {
                return true;
            }
        }
        return false;
    }

    /// The bounds that every gateway was given.
    default EndpointConfiguration.Limits limits() {
        return Domain.LIMITS;
    }

    /// What must never be in a datagram and is known from the start: pre-shared keys.
    List<byte[]> secrets();

    /// Tells everybody who watches.
    void tell(Happening happening);
}
