package dev.postern.sim;

import dev.postern.wire.TrafficSelector;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// Who is where: gateways are 192.0.2.1 and on, clients sit behind NATs 198.51.100.1 and on, the
/// attacker is 203.0.113.66, and behind every gateway there is 10.1.0.1.
final class Addresses {
    /// What the addresses of gateways begin with, and those of NATs before clients.
    static final int GATEWAYS = 192;

    static final int NATS = 198;
    static final int NAT_TRAVERSAL_PORT = 4500;
    static final InetAddress INSIDE = ip(10, 1, 0, 1);

    /// A network inside that nobody sends packets to.
    static final TrafficSelector PRINTERS = network(ip(10, 1, 2, 0), ip(10, 1, 2, 255));

    static final TrafficSelector ALL = network(ip(0, 0, 0, 0), ip(255, 255, 255, 255));

    static final InetSocketAddress ATTACKER =
            new InetSocketAddress(ip(203, 0, 113, 66), NAT_TRAVERSAL_PORT);

    private Addresses() {}

    static InetAddress ip(int a, int b, int c, int d) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }

    static InetSocketAddress gateway(int index) {
        return new InetSocketAddress(ip(GATEWAYS, 0, 2, 1 + index), NAT_TRAVERSAL_PORT);
    }

    /// A client's own socket.
    static InetSocketAddress client(int index) {
        return new InetSocketAddress(ip(192, 168, 7, 1 + index), 40_000);
    }

    /// Where its NAT shows a client, before the NAT has rebound `times` times.
    static InetSocketAddress behindNat(int index, int times) {
        return new InetSocketAddress(ip(NATS, 51, 100, 1 + index), 20_000 + times);
    }

    /// One of many that a flood pretends to come from.
    static InetSocketAddress stranger(int number) {
        return new InetSocketAddress(ip(203, 0, 113, 100 + number % 100), 10_000 + number % 50_000);
    }

    static InetAddress pool(int host) {
        return ip(10, 77, host >>> 8, host & 0xff);
    }

    static TrafficSelector network(InetAddress first, InetAddress last) {
        return TrafficSelector.range(first, last);
    }
}
