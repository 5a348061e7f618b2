package dev.postern.ike;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// One address of an answer to [Ask.LookUpGateways]. Nobody vouches for it: whoever answers there
/// has to show an identity that the client accepts.
///
/// @param target the host that has the address
/// @param path the way there; null where this host has none
/// @param priority of the SRV record, lower is better; 0 without one
/// @param weight of the SRV record
public record FoundGateway(
        String target, InetSocketAddress remote, @Nullable Path path, int priority, int weight) {}
