package dev.postern.ike;

import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.util.List;

/// What an endpoint asks of the world outside. Each has a deadline inside the endpoint.
public sealed interface Ask {
    /// Inner addresses for a client.
    ///
    /// @param profile the connection profile that authenticated the client
    /// @param sessionId who will hold the lease, 16 octets; the same session keeps its address
    /// @param wanted addresses the client would like to keep, as its sessions had them; empty for
    ///   none
    /// @param ipv4 whether it wants an IPv4 address at all
    /// @param ipv6 whether it wants an IPv6 address at all
    record LeaseAddresses(
            String profile,
            Octets sessionId,
            Identity identity,
            List<InetAddress> wanted,
            boolean ipv4,
            boolean ipv6)
            implements Ask {}
}
