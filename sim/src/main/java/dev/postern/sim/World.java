package dev.postern.sim;

import dev.postern.ike.EndpointConfiguration;

import java.util.List;

/// What a checker may ask of the simulated world.
public interface World {
    /// Nanoseconds since the start of the run.
    long now();

    Plan plan();

    List<SimulatedGateway> gateways();

    List<SimulatedClient> clients();

    /// The bounds that every gateway was given.
    default EndpointConfiguration.Limits limits() {
        return Domain.LIMITS;
    }

    /// What must never be in a datagram and is known from the start: pre-shared keys.
    List<byte[]> secrets();

    /// Tells everybody who watches.
    void tell(Happening happening);
}
