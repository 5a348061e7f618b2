package dev.postern.gateway.configuration;

import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// Inner addresses of clients. All gateways of a domain name the same `addresses`, each its own
/// share in `assign`: a client that moves keeps its address, and two gateways never give one
/// address to two new clients.
///
/// @param addresses accepted where a client comes with one from another gateway
/// @param assign this gateway's share, for clients that come without
/// @param dns name servers that clients are told
/// @param splitDns which names those are for
/// @param dhcp who gives the addresses out; null where this gateway does
public record Pool(
        String name,
        Prefix addresses,
        AddressRange assign,
        List<InetAddress> dns,
        SplitDns splitDns,
        @Nullable DhcpServer dhcp) {
    /// For names of every domain.
    public Pool(String name, Prefix addresses, AddressRange assign, List<InetAddress> dns) {
        this(name, addresses, assign, dns, SplitDns.NONE, null);
    }

    public Pool {
        dns = List.copyOf(dns);
    }
}
