package dev.postern.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// Who is where outside: gateways are 192.0.2.1 and on, clients sit behind NATs 198.51.100.1 and
/// on, the attacker is 203.0.113.66; over IPv6 they are 2001:db8:c0::1, 2001:db8:c6::1 and
/// 2001:db8:cb::42, and the NATs change ports alone.
enum Addresses {
    V4(0),
    V6(5);

    /// What tells the addresses of gateways, and those of NATs before clients, from others.
    static final int GATEWAYS = 192;

    static final int NATS = 198;
    private static final int STRANGERS = 203;
    static final int NAT_TRAVERSAL_PORT = 4500;

    /// Which octet of an address tells that.
    private final int telling;

    Addresses(int telling) {
        this.telling = telling;
    }

    static InetAddress ip(int a, int b, int c, int d) {
        return address((byte) a, (byte) b, (byte) c, (byte) d);
    }

    /// Of 2001:db8::/32.
    private static InetAddress documentation(int kind, int host) {
        byte[] octets = {0x20, 1, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        octets[V6.telling] = (byte) kind;
        octets[15] = (byte) host;
        return address(octets);
    }

    static InetAddress address(byte... octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(octets.length + " octets are an address", e);
        }
    }

    /// One of [#GATEWAYS] and [#NATS], or another number.
    static int kind(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets[octets.length == 4 ? V4.telling : V6.telling] & 0xff;
    }

    InetSocketAddress gateway(int index) {
        return socket(ip(GATEWAYS, 0, 2, 1 + index), GATEWAYS, 1 + index, NAT_TRAVERSAL_PORT);
    }

    /// A client's own socket.
    InetSocketAddress client(int index) {
        return socket(ip(192, 168, 7, 1 + index), 0xc7, 1 + index, 40_000);
    }

    /// Where its NAT shows a client, before the NAT has rebound `times` times.
    InetSocketAddress behindNat(int index, int times) {
        return socket(ip(NATS, 51, 100, 1 + index), NATS, 1 + index, 20_000 + times);
    }

    /// One of many that a flood pretends to come from.
    InetSocketAddress stranger(int number) {
        int host = 100 + number % 100;
        return socket(ip(STRANGERS, 0, 113, host), STRANGERS, host, 10_000 + number % 50_000);
    }

    InetSocketAddress attacker() {
        return socket(ip(STRANGERS, 0, 113, 66), STRANGERS, 66, NAT_TRAVERSAL_PORT);
    }

    private InetSocketAddress socket(InetAddress v4, int kind, int host, int port) {
        return new InetSocketAddress(this == V4 ? v4 : documentation(kind, host), port);
    }
}
