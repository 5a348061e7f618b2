package dev.postern.gateway.configuration;

import java.net.InetAddress;
import java.util.List;

/// Where a gateway receives IKE and ESP.
///
/// @param addresses at least one; a wildcard address stands for all of its family
/// @param ikePort 0 where only the NAT traversal port is used
/// @param natPort IKE with the non-ESP marker and ESP in UDP (RFC 3948)
public record Listen(List<InetAddress> addresses, int ikePort, int natPort) {
    public Listen {
        addresses = List.copyOf(addresses);
    }
}
