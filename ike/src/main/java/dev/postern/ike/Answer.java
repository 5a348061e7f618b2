package dev.postern.ike;

import dev.postern.wire.ConfigurationAttribute;

import java.net.InetAddress;
import java.util.List;

/// The answers to [Ask]s.
public sealed interface Answer {
    /// @param addresses the leased inner addresses, one per family asked for
    /// @param attributes further attributes for the client: DNS servers, split DNS, subnets
    record AddressesLeased(List<InetAddress> addresses, List<ConfigurationAttribute> attributes)
            implements Answer {}

    /// No address can be given.
    record AddressesRefused() implements Answer {}
}
