package dev.postern.gateway.discovery;

import dev.postern.ike.Path;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// From where to where this host speaks to a gateway.
@FunctionalInterface
public interface Ways {
    /// Null where it cannot.
    @Nullable Path to(InetSocketAddress gateway);
}
