package dev.postern.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// A program that tries what needs privileges and prints how it was refused; run without any.
final class Unprivileged {
    private Unprivileged() {}

    private interface Attempt {
        AutoCloseable open() throws IOException;
    }

    public static void main(String[] arguments) {
        InetSocketAddress ike = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 500);
        attempt("bind", () -> UdpSocket.open(UdpSocketOptions.bind(ike)));
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        attempt("mark", () -> UdpSocket.open(UdpSocketOptions.bind(any).withMark(1)));
        attempt("tun", () -> TunDevice.open(TunOptions.named("tun0")));
        attempt("packet", () -> PacketSocket.open("eth0"));
        attempt(
                "route",
                () -> {
                    try (Netlink netlink = Netlink.open()) {
                        netlink.addRoute(Route.through("eth0", Prefix.parse("10.0.0.1")));
                        return netlink;
                    }
                });
        attempt(
                "sysctl",
                () -> {
                    Sysctl.setIpv4Forwarding("eth0", true);
                    return () -> {};
                });
        attempt(
                "buffer",
                () -> {
                    UdpSocketOptions large =
                            UdpSocketOptions.bind(any).withBuffers(256 << 20, 256 << 20);
                    try (UdpSocket socket = UdpSocket.open(large)) {
                        throw new IOException("granted " + socket.receiveBufferBytes());
                    }
                });
    }

    private static void attempt(String name, Attempt attempt) {
        try (AutoCloseable opened = attempt.open()) {
            System.out.println(name + ": allowed " + opened);
        } catch (Exception e) {
            System.out.println(name + ": " + e.getMessage());
        }
    }
}
