package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;

/// Which peers ICMP messages call unreachable (IP_RECVERR). Whoever can see or guess a datagram can
/// forge one: it is a hint and no more. Of many the last one is kept.
///
/// [#drain] on the thread that receives, [#take] on any.
final class PathErrors {
    private static final int AT_ONCE = 64;
    private static final int ORIGIN_OFFSET = 4;
    private static final int ORIGIN_ICMP = 2;
    private static final int ORIGIN_ICMP6 = 3;
    private static final int EXTENDED_ERROR_BYTES = 16;

    private final MessageVector vector = new MessageVector(Arena.ofAuto(), 1);
    private final AtomicReference<@Nullable InetSocketAddress> unreachable =
            new AtomicReference<>();

    /// Asks the kernel for them.
    ///
    /// @return whether it reports them
    static boolean enable(int fd, boolean ipv4) {
        return SocketOptions.set(
                        fd,
                        ipv4 ? Linux.SOL_IP : Linux.SOL_IPV6,
                        ipv4 ? Linux.IP_RECVERR : Linux.IPV6_RECVERR,
                        1)
                >= 0;
    }

    /// Empties the kernel's queue, which would wake a waiting thread again and again; a bound on
    /// what is taken in one call.
    void drain(int fd) {
        for (int i = 0; i < AT_ONCE; i++) {
            vector.setNameLength(0, Endpoint.SOCKADDR_BYTES);
            vector.setControlLength(0, MessageVector.CONTROL_BYTES);
            if (vector.receiveError(fd) <= 0) {
                return;
            }
            if (saysUnreachable()) {
                unreachable.set(
                        Endpoint.readSockaddr(vector.names(), MessageVector.nameOffset(0))
                                .toSocketAddress());
            }
        }
    }

    /// `struct sock_extended_err`: errno (4), origin (1), type (1), code (1), ...
    private boolean saysUnreachable() {
        MemorySegment controls = vector.controls();
        long at = MessageVector.controlOffset(0);
        long end = at + Math.min(vector.controlLength(0), MessageVector.CONTROL_BYTES);
        while (end - at >= MessageVector.CMSG_HEADER + EXTENDED_ERROR_BYTES) {
            long size = controls.get(JAVA_LONG, at);
            int level = controls.get(JAVA_INT, at + 8);
            int type = controls.get(JAVA_INT, at + 12);
            long data = at + MessageVector.CMSG_HEADER;
            if (size < MessageVector.CMSG_HEADER || size > end - at) {
                return false;
            }
            if ((level == Linux.SOL_IP && type == Linux.IP_RECVERR)
                    || (level == Linux.SOL_IPV6 && type == Linux.IPV6_RECVERR)) {
                byte origin = controls.get(JAVA_BYTE, data + ORIGIN_OFFSET);
                return (origin == ORIGIN_ICMP || origin == ORIGIN_ICMP6)
                        && Errno.isAboutThePath(controls.get(JAVA_INT, data));
            }
            at += (size + 7) & ~7L;
        }
        return false;
    }

    /// The last one since the last call; null for none.
    @Nullable InetSocketAddress take() {
        return unreachable.getAndSet(null);
    }
}
