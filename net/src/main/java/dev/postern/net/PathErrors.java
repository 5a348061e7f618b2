package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;

/// What ICMP messages say of the ways to peers (IP_RECVERR): whom they call unreachable, and which
/// datagrams too big. Whoever can see or guess a datagram can forge one: it is a hint and no more.
/// Of many unreachable ones the last is kept, of limits the first few.
///
/// [#drain] on the thread that receives, [#take] and [#takeLimit] on any.
final class PathErrors {
    private static final int AT_ONCE = 64;
    private static final int LIMITS = 32;
    private static final int ORIGIN_OFFSET = 4;
    private static final int SIZE_OFFSET = 8;
    private static final int ORIGIN_LOCAL = 1;
    private static final int ORIGIN_ICMP = 2;
    private static final int ORIGIN_ICMP6 = 3;
    private static final int EXTENDED_ERROR_BYTES = 16;

    private final MessageVector vector = new MessageVector(Arena.ofAuto(), 1);
    private final MemorySegment quoted = Arena.ofAuto().allocate(PathLimit.QUOTED, 8);
    private final AtomicReference<@Nullable InetSocketAddress> unreachable =
            new AtomicReference<>();
    private final ArrayBlockingQueue<PathLimit> limits = new ArrayBlockingQueue<>(LIMITS);

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
            vector.setBuffer(0, quoted.address(), PathLimit.QUOTED);
            if (vector.receiveError(fd) <= 0) {
                return;
            }
            long error = extendedError();
            if (error >= 0) {
                judge(error);
            }
        }
    }

    private void judge(long error) {
        MemorySegment controls = vector.controls();
        int errno = controls.get(JAVA_INT, error);
        byte origin = controls.get(JAVA_BYTE, error + ORIGIN_OFFSET);
        boolean local = origin == ORIGIN_LOCAL;
        if (!local && origin != ORIGIN_ICMP && origin != ORIGIN_ICMP6) {
            return;
        }
        InetSocketAddress peer =
                Endpoint.readSockaddr(vector.names(), MessageVector.nameOffset(0))
                        .toSocketAddress();
        if (errno == Errno.EMSGSIZE) {
            int length = local ? 0 : Math.min(vector.length(0), PathLimit.QUOTED);
            byte[] begin = quoted.asSlice(0, length).toArray(JAVA_BYTE);
            limits.offer(
                    new PathLimit(peer, controls.get(JAVA_INT, error + SIZE_OFFSET), begin, local));
        } else if (!local && Errno.isAboutThePath(errno)) {
            unreachable.set(peer);
        }
    }

    /// Where `struct sock_extended_err` lies: errno (4), origin (1), type (1), code (1), padding
    /// (1), info (4), data (4); -1 where there is none.
    private long extendedError() {
        MemorySegment controls = vector.controls();
        long at = MessageVector.controlOffset(0);
        long end = at + Math.min(vector.controlLength(0), MessageVector.CONTROL_BYTES);
        while (end - at >= MessageVector.CMSG_HEADER + EXTENDED_ERROR_BYTES) {
            long size = controls.get(JAVA_LONG, at);
            int level = controls.get(JAVA_INT, at + 8);
            int type = controls.get(JAVA_INT, at + 12);
            if (size < MessageVector.CMSG_HEADER || size > end - at) {
                return -1;
            }
            if ((level == Linux.SOL_IP && type == Linux.IP_RECVERR)
                    || (level == Linux.SOL_IPV6 && type == Linux.IPV6_RECVERR)) {
                return at + MessageVector.CMSG_HEADER;
            }
            at += (size + 7) & ~7L;
        }
        return -1;
    }

    /// The last one since the last call; null for none.
    @Nullable InetSocketAddress take() {
        return unreachable.getAndSet(null);
    }

    /// The next one; null for none.
    @Nullable PathLimit takeLimit() {
        return limits.poll();
    }
}
