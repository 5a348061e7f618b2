package dev.postern.esp;

import java.net.InetSocketAddress;

/// A UDP address and port as plain words.
public record UdpEndpoint(IpAddress address, int port) {
    /// The same as words. An unresolved address is refused.
    public static UdpEndpoint of(InetSocketAddress address) {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("an unresolved address: " + address);
        }
        return new UdpEndpoint(IpAddress.of(address.getAddress()), address.getPort());
    }

    public InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(address.toInetAddress(), port);
    }

    boolean is(long high, long low, int otherPort) {
        return port == otherPort && address.low() == low && address.high() == high;
    }
}
