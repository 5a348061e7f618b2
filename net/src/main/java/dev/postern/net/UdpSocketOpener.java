package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Opens UDP sockets: the options in the order in which the kernel wants them, and the sentences
/// for the operator where it refuses.
final class UdpSocketOpener {
    private final int fd;
    private final Endpoint wanted;
    private final UdpSocketOptions options;

    private UdpSocketOpener(int fd, Endpoint wanted, UdpSocketOptions options) {
        this.fd = fd;
        this.wanted = wanted;
        this.options = options;
    }

    /// What the kernel made of the wishes.
    record Granted(
            int receiveBufferBytes,
            int sendBufferBytes,
            boolean coalescing,
            boolean segmentation,
            PathMtuDiscovery pathMtuDiscovery) {}

    static UdpSocket open(UdpSocketOptions options) throws IOException {
        Endpoint wanted = Endpoint.of(options.address());
        int fd;
        try (Arena arena = Arena.ofConfined()) {
            fd =
                    Libc.socket(
                            Libc.newCallState(arena),
                            wanted.family(),
                            Linux.SOCK_DGRAM | Linux.SOCK_NONBLOCK | Linux.SOCK_CLOEXEC,
                            0);
        }
        if (fd < 0) {
            throw new SystemCallException(
                    "cannot open a UDP socket for " + wanted,
                    -fd,
                    fd == -Errno.EAFNOSUPPORT ? "this kernel runs without that family" : "");
        }
        @Nullable WakeUp wakeUp = null;
        try {
            Granted granted = new UdpSocketOpener(fd, wanted, options).configure();
            wakeUp = WakeUp.open();
            return new UdpSocket(fd, wakeUp, boundAddress(fd), granted);
        } catch (IOException e) {
            new Descriptor(fd).close();
            if (wakeUp != null) {
                wakeUp.close();
            }
            throw e;
        }
    }

    private Granted configure() throws IOException {
        boolean four = wanted.isIpv4();
        if (four) {
            require("IP_PKTINFO", Linux.SOL_IP, Linux.IP_PKTINFO, 1);
            require("IP_RECVTOS", Linux.SOL_IP, Linux.IP_RECVTOS, 1);
        } else {
            require("IPV6_V6ONLY", Linux.SOL_IPV6, Linux.IPV6_V6ONLY, 1);
            require("IPV6_RECVPKTINFO", Linux.SOL_IPV6, Linux.IPV6_RECVPKTINFO, 1);
            require("IPV6_RECVTCLASS", Linux.SOL_IPV6, Linux.IPV6_RECVTCLASS, 1);
        }
        int level = four ? Linux.SOL_IP : Linux.SOL_IPV6;
        require(
                "MTU_DISCOVER",
                level,
                four ? Linux.IP_MTU_DISCOVER : Linux.IPV6_MTU_DISCOVER,
                options.pathMtuDiscovery().value());
        if (options.reusePort()) {
            require("SO_REUSEPORT", Linux.SOL_SOCKET, Linux.SO_REUSEPORT, 1);
        }
        if (options.freeBind()) {
            require("FREEBIND", level, four ? Linux.IP_FREEBIND : Linux.IPV6_FREEBIND, 1);
        }
        if (options.mark() != 0) {
            require("SO_MARK", Linux.SOL_SOCKET, Linux.SO_MARK, options.mark());
        }
        bindToDevice();
        int receiveBuffer =
                buffer(options.receiveBufferBytes(), Linux.SO_RCVBUFFORCE, Linux.SO_RCVBUF);
        int sendBuffer = buffer(options.sendBufferBytes(), Linux.SO_SNDBUFFORCE, Linux.SO_SNDBUF);
        boolean coalescing =
                options.coalesce() && SocketOptions.set(fd, Linux.SOL_UDP, Linux.UDP_GRO, 1) >= 0;
        boolean segmentation =
                options.segment()
                        && SocketOptions.set(fd, Linux.SOL_UDP, Linux.UDP_SEGMENT, 0) >= 0;
        bind();
        return new Granted(
                receiveBuffer, sendBuffer, coalescing, segmentation, options.pathMtuDiscovery());
    }

    private void require(String name, int level, int option, int value) throws IOException {
        int result = SocketOptions.set(fd, level, option, value);
        if (result < 0) {
            throw new SystemCallException(
                    "cannot set " + name + " to " + value + " on UDP " + wanted,
                    -result,
                    result == -Errno.EPERM ? "this needs CAP_NET_ADMIN" : "");
        }
    }

    private void bindToDevice() throws IOException {
        String device = options.device();
        if (device == null) {
            return;
        }
        int result = SocketOptions.set(fd, Linux.SOL_SOCKET, Linux.SO_BINDTODEVICE, device);
        if (result < 0) {
            throw new SystemCallException(
                    "cannot bind UDP " + wanted + " to interface " + device,
                    -result,
                    switch (-result) {
                        case Errno.ENODEV -> "there is no such interface: see `ip link`";
                        case Errno.EPERM -> "this needs CAP_NET_RAW";
                        default -> "";
                    });
        }
    }

    /// Beyond net.core.rmem_max only with CAP_NET_ADMIN; without it the kernel gives what it may.
    private int buffer(int wantedBytes, int forceOption, int option) {
        if (wantedBytes > 0
                && SocketOptions.set(fd, Linux.SOL_SOCKET, forceOption, wantedBytes) < 0) {
            SocketOptions.set(fd, Linux.SOL_SOCKET, option, wantedBytes);
        }
        return Math.max(0, SocketOptions.get(fd, Linux.SOL_SOCKET, option));
    }

    private void bind() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(Endpoint.SOCKADDR_BYTES, 8);
            int length = wanted.writeSockaddr(address, 0);
            int result = Libc.bind(Libc.newCallState(arena), fd, address, length);
            if (result < 0) {
                throw new SystemCallException(
                        "cannot bind UDP " + wanted, -result, advice(-result));
            }
        }
    }

    private String advice(int errno) {
        return switch (errno) {
            case Errno.EACCES ->
                    "ports below 1024 need CAP_NET_BIND_SERVICE, or set"
                            + " net.ipv4.ip_unprivileged_port_start to "
                            + wanted.port();
            case Errno.EADDRINUSE ->
                    "another process holds the port, perhaps another IKE daemon:"
                            + " `ss -lunp sport = :"
                            + wanted.port()
                            + "` names it";
            case Errno.EADDRNOTAVAIL ->
                    "the address is on no interface of this host: see `ip address`, or let the"
                            + " socket bind it in advance (free bind)";
            default -> "";
        };
    }

    private static Endpoint boundAddress(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(Endpoint.SOCKADDR_BYTES, 8);
            MemorySegment length = arena.allocateFrom(JAVA_INT, Endpoint.SOCKADDR_BYTES);
            int result = Libc.getsockname(Libc.newCallState(arena), fd, address, length);
            if (result < 0) {
                throw new SystemCallException("cannot read the address of a socket", -result);
            }
            return Endpoint.readSockaddr(address, 0);
        }
    }
}
