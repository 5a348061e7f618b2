package dev.postern.gateway.configuration;

import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.util.List;

/// Where a gateway receives IKE and ESP.
///
/// @param addresses at least one; a wildcard address stands for all of its family
/// @param ikePort 0 where only the NAT traversal port is used
/// @param natPort IKE with the non-ESP marker and ESP in UDP (RFC 3948)
public record Listen(List<InetAddress> addresses, int ikePort, int natPort) {
    private static final int NAT_TRAVERSAL_PORT = 4500;

    public Listen {
        addresses = List.copyOf(addresses);
    }

    /// How gateways name one of its addresses to clients and to each other.
    public GatewayList.Entry entry(InetAddress address) {
        return new GatewayList.Address(
                Octets.of(address.getAddress()), natPort == NAT_TRAVERSAL_PORT ? 0 : natPort);
    }
}
