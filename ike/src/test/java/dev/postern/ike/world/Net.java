package dev.postern.ike.world;

import dev.postern.wire.TrafficSelector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// Addresses without name resolution.
public final class Net {
    private Net() {}

    public static InetAddress ip(int a, int b, int c, int d) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
        } catch (UnknownHostException e) {
            throw new AssertionError("four octets are an address", e);
        }
    }

    /// The NAT traversal port of an address.
    public static InetSocketAddress port4500(InetAddress address) {
        return new InetSocketAddress(address, 4500);
    }

    public static TrafficSelector subnet(int a, int b, int c, int d, int prefixLength) {
        return TrafficSelector.subnet(ip(a, b, c, d), prefixLength);
    }
}
