package dev.postern.net;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicLong;

/// A UDP socket that receives and sends in batches.
///
/// Threads: one receives at a time; any number may send, each with a [SendBatch] of its own; any
/// thread may call [#wakeUp] and [#close]. A thread that is blocked in [#receive] is woken by both.
///
/// ICMP errors that earlier datagrams provoked never end a receive or send loop: they are counted
/// in [#pathErrors], and a send reports its own in [SendBatch#error].
public final class UdpSocket implements AutoCloseable {
    /// A bound on errors taken in one call: an attacker's ICMP messages must not keep it busy.
    private static final int PATH_ERRORS_AT_ONCE = 16;

    private static final int RECEIVES_PER_DRAIN = 64;

    private final Descriptor descriptor;
    private final WakeUp wakeUp;
    private final Endpoint local;
    private final UdpSocketOpener.Granted granted;
    private final AtomicLong pathErrors = new AtomicLong();
    private volatile boolean segmenting;
    private volatile @Nullable PathErrors errors;

    /// Of the thread that receives.
    private int receivesSinceDrain;

    UdpSocket(int fd, WakeUp wakeUp, Endpoint local, UdpSocketOpener.Granted granted) {
        this.descriptor = new Descriptor(fd);
        this.wakeUp = wakeUp;
        this.local = local;
        this.granted = granted;
        this.segmenting = granted.segmentation();
    }

    /// Opens and binds.
    ///
    /// @throws SystemCallException with what to do about it, as a sentence for the operator
    public static UdpSocket open(UdpSocketOptions options) throws IOException {
        return UdpSocketOpener.open(options);
    }

    /// The bound address and port, the port known also where 0 was asked for.
    public InetSocketAddress localAddress() {
        return local.toSocketAddress();
    }

    public Endpoint local() {
        return local;
    }

    /// The receive buffer that the kernel granted: twice the payload it is worth, as SO_RCVBUF
    /// says.
    public int receiveBufferBytes() {
        return granted.receiveBufferBytes();
    }

    public int sendBufferBytes() {
        return granted.sendBufferBytes();
    }

    /// Whether received datagrams may come in runs (UDP_GRO).
    public boolean isCoalescing() {
        return granted.coalescing();
    }

    /// Whether the kernel splits runs (UDP_SEGMENT). Turns false for good where a device refuses
    /// it.
    public boolean isSegmenting() {
        return segmenting;
    }

    /// ICMP errors that were reported on this socket instead of the result of a call.
    public long pathErrors() {
        return pathErrors.get();
    }

    /// Has the kernel say which peers ICMP messages call unreachable ([#takeUnreachable]) and which
    /// datagrams too big ([#takeLimit]). Called before the first receive.
    ///
    /// @return whether it does
    public boolean reportPathErrors() throws IOException {
        int fd = descriptor.acquire();
        try {
            boolean reported = PathErrors.enable(fd, local.isIpv4());
            errors = reported ? new PathErrors() : null;
            return reported;
        } finally {
            descriptor.release();
        }
    }

    /// The last peer that an ICMP message has called unreachable since the last call; null for
    /// none, or where [#reportPathErrors] was not called. Nobody proves such a message.
    public @Nullable InetSocketAddress takeUnreachable() {
        PathErrors reported = errors;
        return reported == null ? null : reported.take();
    }

    /// What was said next of a path's size; null for nothing, or where [#reportPathErrors] was not
    /// called. A few are kept until they are taken.
    public @Nullable PathLimit takeLimit() {
        PathErrors reported = errors;
        return reported == null ? null : reported.takeLimit();
    }

    /// Datagrams that the kernel dropped because the receive buffer was full.
    public long receiveDrops() throws IOException {
        int fd = descriptor.acquire();
        try {
            return SocketOptions.drops(fd);
        } finally {
            descriptor.release();
        }
    }

    /// Receives what is there, at most as many as the batch has slots; waits for the first one.
    ///
    /// @param timeoutMillis how long to wait, 0 not at all, negative without end
    /// @return how many slots were filled; 0 after the time, after [#wakeUp], or for no reason
    /// @throws ClosedChannelException once closed
    public int receive(ReceiveBatch batch, int timeoutMillis) throws IOException {
        int fd = descriptor.acquire();
        try {
            if (wakeUp.isSignalled()) {
                wakeUp.drain();
                return 0;
            }
            int received = fill(batch, fd);
            if (received == 0
                    && timeoutMillis != 0
                    && wakeUp.awaitReadable(batch.pollSet(), fd, timeoutMillis)) {
                received = fill(batch, fd);
            }
            drainErrors(fd, received);
            return received;
        } finally {
            descriptor.release();
        }
    }

    /// When nothing was received, and now and then where there is no end of it: what waits there
    /// takes room of the datagrams.
    private void drainErrors(int fd, int received) {
        PathErrors reported = errors;
        receivesSinceDrain++;
        if (reported != null && (received == 0 || receivesSinceDrain >= RECEIVES_PER_DRAIN)) {
            receivesSinceDrain = 0;
            reported.drain(fd);
        }
    }

    private int fill(ReceiveBatch batch, int fd) throws IOException {
        for (int attempt = 0; attempt < PATH_ERRORS_AT_ONCE; attempt++) {
            int received = batch.fill(fd, local);
            if (received >= 0) {
                return received;
            }
            switch (-received) {
                case Errno.EAGAIN, Errno.EINTR, Errno.ENOMEM, Errno.ENOBUFS -> {
                    return 0;
                }
                default -> {
                    if (!Errno.isAboutThePath(-received)) {
                        throw new SystemCallException("cannot receive on UDP " + local, -received);
                    }
                    pathErrors.incrementAndGet();
                }
            }
        }
        return 0;
    }

    /// Sends a batch; afterwards it tells what became of each message.
    ///
    /// @param timeoutMillis how long to wait each time the socket buffer is full, 0 not at all,
    ///   negative without end; what does not fit then fails with `EAGAIN`
    /// @return how many messages were not sent or not all of their datagrams, 0 if all is well
    /// @throws ClosedChannelException once closed
    public int send(SendBatch batch, int timeoutMillis) throws IOException {
        if (batch.isEmpty()) {
            return 0;
        }
        int fd = descriptor.acquire();
        try {
            if (batch.transmission().run(fd, timeoutMillis, segmenting, pathErrors)) {
                segmenting = false;
            }
            return batch.failed();
        } finally {
            descriptor.release();
        }
    }

    /// Sends a batch with "don't fragment", whatever size the path is known to take. What other
    /// threads send meanwhile may go so as well.
    ///
    /// @return as [#send]; a message that this host's interface does not take fails with `EMSGSIZE`
    ///   and is told by [#takeLimit]
    public int sendWhole(SendBatch batch, int timeoutMillis) throws IOException {
        pathMtuDiscovery(PathMtuDiscovery.PROBE);
        try {
            return send(batch, timeoutMillis);
        } finally {
            pathMtuDiscovery(granted.pathMtuDiscovery());
        }
    }

    private void pathMtuDiscovery(PathMtuDiscovery wanted) throws IOException {
        int fd = descriptor.acquire();
        try {
            int level = local.isIpv4() ? Linux.SOL_IP : Linux.SOL_IPV6;
            int option = local.isIpv4() ? Linux.IP_MTU_DISCOVER : Linux.IPV6_MTU_DISCOVER;
            int result = SocketOptions.set(fd, level, option, wanted.value());
            if (result < 0) {
                throw new SystemCallException("cannot set MTU_DISCOVER on UDP " + local, -result);
            }
        } finally {
            descriptor.release();
        }
    }

    /// Ends a [#receive] that waits, or the next one, with 0. Does nothing once closed.
    public void wakeUp() {
        wakeUp.signal();
    }

    Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        if (descriptor.close()) {
            wakeUp.signal();
            wakeUp.close();
        }
    }
}
