package dev.postern.gateway.configuration;

import java.nio.file.Path;

/// How packets for a client find the gateway that serves it. What was put in place for a client is
/// withdrawn when it leaves.
public sealed interface ReturnPath {
    /// A host route into the tunnel, and an answer for the client's address on the network that the
    /// gateways share (proxy ARP, proxy neighbour discovery).
    ///
    /// @param device the interface of that network
    /// @param announce whether a new client is announced there at once, so that the hosts forget
    ///   the gateway that served it before
    record ProxyNeighbour(String device, boolean announce) implements ReturnPath {}

    /// A host route into the tunnel, for gateways that are routers or run a routing daemon.
    record Route() implements ReturnPath {}

    /// A host route into the tunnel and a program that is told of each client that comes and goes.
    record Hook(Path program) implements ReturnPath {}

    /// Nothing is done.
    record None() implements ReturnPath {}
}
