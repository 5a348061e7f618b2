package dev.postern.radius;

import dev.postern.crypto.SecretBytes;

import java.net.InetSocketAddress;

/// A RADIUS server.
///
/// @param address where requests go, and the only place that answers come from
/// @param secret shared with it; kept, not copied
public record Server(String name, InetSocketAddress address, SecretBytes secret) {
    @Override
    public String toString() {
        return name + " at " + address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
