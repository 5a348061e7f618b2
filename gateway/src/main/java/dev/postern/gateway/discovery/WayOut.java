package dev.postern.gateway.discovery;

import dev.postern.net.RoutingRule.SourcePort;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;

/// How a question of ours leaves this host although its packets go into a tunnel, which leads
/// nowhere for as long as no gateway is found.
@FunctionalInterface
public interface WayOut {
    /// There is no tunnel that takes this host's packets.
    WayOut NONE_NEEDED = (_, _) -> () -> {};

    /// Until it is closed, at most as long as the port is bound.
    interface Open extends AutoCloseable {
        @Override
        void close();
    }

    /// @param ipv4 of which family the packets are
    /// @param port from which they are sent, and which is bound by then
    Open letOut(boolean ipv4, SourcePort port) throws IOException;

    /// Binds a socket to a port of its own that the kernel chooses, and lets out what it is about
    /// to send to this server.
    default Open of(DatagramChannel socket, InetSocketAddress server) throws IOException {
        return letOut(isIpv4(server), SourcePort.udp(bound(socket)));
    }

    /// The same.
    default Open of(SocketChannel socket, InetSocketAddress server) throws IOException {
        return letOut(isIpv4(server), SourcePort.tcp(bound(socket)));
    }

    /// Of which family a socket has to be for this server.
    static ProtocolFamily familyOf(InetSocketAddress server) {
        return isIpv4(server) ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    private static int bound(NetworkChannel socket) throws IOException {
        socket.bind(new InetSocketAddress(0));
        if (socket.getLocalAddress() instanceof InetSocketAddress address) {
            return address.getPort();
        }
        throw new IOException("a socket without a port");
    }

    private static boolean isIpv4(InetSocketAddress server) {
        return server.getAddress() instanceof Inet4Address;
    }
}
