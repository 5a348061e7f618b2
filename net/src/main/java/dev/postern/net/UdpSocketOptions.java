package dev.postern.net;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// How to open a [UdpSocket]. SO_REUSEADDR stays off: two daemons on one port would steal each
/// other's datagrams unseen.
///
/// @param address address and port to bind; the wildcard address and port 0 are allowed. An IPv6
///   socket takes IPv6 only
/// @param reusePort several sockets of one user share the port and the kernel spreads the peers
/// @param freeBind bind an address that is on no interface yet
/// @param receiveBufferBytes wanted size of the receive buffer, 0 for the system's default
/// @param sendBufferBytes wanted size of the send buffer, 0 for the system's default
/// @param coalesce receive runs of datagrams in one slot (UDP_GRO)
/// @param segment let the kernel split runs (UDP_SEGMENT)
/// @param pathMtuDiscovery DF bit and path MTU of what is sent
/// @param mark firewall mark of what is sent, 0 for none
/// @param device name of the interface that the socket is bound to, null for all
public record UdpSocketOptions(
        InetSocketAddress address,
        boolean reusePort,
        boolean freeBind,
        int receiveBufferBytes,
        int sendBufferBytes,
        boolean coalesce,
        boolean segment,
        PathMtuDiscovery pathMtuDiscovery,
        int mark,
        @Nullable String device) {
    /// Four megabytes: what arrives in 50 ms at 640 Mbit/s.
    public static final int DEFAULT_BUFFER_BYTES = 4 << 20;

    public static UdpSocketOptions bind(InetSocketAddress address) {
        return new UdpSocketOptions(
                address,
                false,
                false,
                DEFAULT_BUFFER_BYTES,
                DEFAULT_BUFFER_BYTES,
                true,
                true,
                PathMtuDiscovery.DONT,
                0,
                null);
    }

    public UdpSocketOptions withReusePort() {
        return new UdpSocketOptions(
                address,
                true,
                freeBind,
                receiveBufferBytes,
                sendBufferBytes,
                coalesce,
                segment,
                pathMtuDiscovery,
                mark,
                device);
    }

    public UdpSocketOptions withFreeBind() {
        return new UdpSocketOptions(
                address,
                reusePort,
                true,
                receiveBufferBytes,
                sendBufferBytes,
                coalesce,
                segment,
                pathMtuDiscovery,
                mark,
                device);
    }

    public UdpSocketOptions withBuffers(int receiveBytes, int sendBytes) {
        return new UdpSocketOptions(
                address,
                reusePort,
                freeBind,
                receiveBytes,
                sendBytes,
                coalesce,
                segment,
                pathMtuDiscovery,
                mark,
                device);
    }

    public UdpSocketOptions withOffloads(boolean coalesceReceived, boolean segmentSent) {
        return new UdpSocketOptions(
                address,
                reusePort,
                freeBind,
                receiveBufferBytes,
                sendBufferBytes,
                coalesceReceived,
                segmentSent,
                pathMtuDiscovery,
                mark,
                device);
    }

    public UdpSocketOptions withPathMtuDiscovery(PathMtuDiscovery discovery) {
        return new UdpSocketOptions(
                address,
                reusePort,
                freeBind,
                receiveBufferBytes,
                sendBufferBytes,
                coalesce,
                segment,
                discovery,
                mark,
                device);
    }

    public UdpSocketOptions withMark(int firewallMark) {
        return new UdpSocketOptions(
                address,
                reusePort,
                freeBind,
                receiveBufferBytes,
                sendBufferBytes,
                coalesce,
                segment,
                pathMtuDiscovery,
                firewallMark,
                device);
    }

    public UdpSocketOptions withDevice(String interfaceName) {
        return new UdpSocketOptions(
                address,
                reusePort,
                freeBind,
                receiveBufferBytes,
                sendBufferBytes,
                coalesce,
                segment,
                pathMtuDiscovery,
                mark,
                interfaceName);
    }
}
