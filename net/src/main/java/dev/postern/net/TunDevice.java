package dev.postern.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A TUN device: a network interface whose packets this process reads and writes.
///
/// With a virtio header each packet is preceded by [VirtioNetHeader#LENGTH] octets, in both
/// directions, and with an offload a packet may be up to 64 KB long and be meant for cutting.
///
/// Threads: one reads and one writes at a time; any thread may call [#wakeUp] and [#close]. Reading
/// and writing allocate nothing. For more threads open more queues ([TunOptions#withMultiQueue])
/// under the [#name] of the first. The interface goes away with its last queue.
public final class TunDevice implements AutoCloseable {
    private final Descriptor descriptor;
    private final WakeUp wakeUp;
    private final String name;
    private final boolean virtioHeader;
    private final TunOffload offload;
    private final MemorySegment readState;
    private final MemorySegment writeState;
    private final PollSet pollSet;

    TunDevice(int fd, WakeUp wakeUp, String name, TunOptions options, TunOffload granted) {
        Arena arena = Arena.ofAuto();
        this.descriptor = new Descriptor(fd);
        this.wakeUp = wakeUp;
        this.name = name;
        this.virtioHeader = options.virtioHeader();
        this.offload = granted;
        this.readState = Libc.newCallState(arena);
        this.writeState = Libc.newCallState(arena);
        this.pollSet = new PollSet(arena, 2);
    }

    /// Creates the device, or opens a further queue of it. It is down and has no address: [Netlink]
    /// gives it both.
    ///
    /// @throws SystemCallException with what to do about it, as a sentence for the operator
    public static TunDevice open(TunOptions options) throws IOException {
        return TunOpener.open(options);
    }

    /// The name that the kernel gave it.
    public String name() {
        return name;
    }

    /// The offloads that the kernel granted.
    public TunOffload offload() {
        return offload;
    }

    /// Octets in front of each packet: [VirtioNetHeader#LENGTH] or 0.
    public int headerLength() {
        return virtioHeader ? VirtioNetHeader.LENGTH : 0;
    }

    /// Reads one packet with its header; waits for it.
    ///
    /// @param buffer native memory
    /// @param capacity at least 65,546 with an offload: a longer packet is cut off by the kernel
    /// @param timeoutMillis how long to wait, 0 not at all, negative without end
    /// @return the length of header and packet; 0 after the time, after [#wakeUp], or for no reason
    /// @throws java.nio.channels.ClosedChannelException once closed
    public int read(MemorySegment buffer, long offset, int capacity, int timeoutMillis)
            throws IOException {
        int fd = descriptor.acquire();
        try {
            if (wakeUp.isSignalled()) {
                wakeUp.drain();
                return 0;
            }
            int length = readNow(fd, buffer, offset, capacity);
            if (length == 0
                    && timeoutMillis != 0
                    && wakeUp.awaitReadable(pollSet, fd, timeoutMillis)) {
                length = readNow(fd, buffer, offset, capacity);
            }
            return length;
        } finally {
            descriptor.release();
        }
    }

    private int readNow(int fd, MemorySegment buffer, long offset, int capacity)
            throws IOException {
        int length = Libc.read(readState, fd, buffer, offset, capacity);
        if (length >= 0) {
            return length;
        }
        return switch (-length) {
            case Errno.EAGAIN, Errno.EINTR, Errno.ENOMEM, Errno.ENOBUFS -> 0;
            case Errno.EBADFD, Errno.EIO ->
                    throw new SystemCallException(
                            "cannot read from " + name, -length, "the interface was deleted");
            default -> throw new SystemCallException("cannot read from " + name, -length);
        };
    }

    /// Gives the kernel one packet with its header.
    ///
    /// @param buffer native memory
    /// @return 0, or the positive error number for which the kernel refused this packet: `EINVAL`
    ///   for one that is neither IPv4 nor IPv6 or whose header is wrong, `EIO` while the interface
    ///   is down, `EAGAIN` and `ENOBUFS` for want of memory
    /// @throws java.nio.channels.ClosedChannelException once closed
    public int write(MemorySegment buffer, long offset, int length) throws IOException {
        int fd = descriptor.acquire();
        try {
            int result;
            do {
                result = Libc.write(writeState, fd, buffer, offset, length);
            } while (result == -Errno.EINTR);
            return result < 0 ? -result : 0;
        } finally {
            descriptor.release();
        }
    }

    /// Ends a [#read] that waits, or the next one, with 0. Does nothing once closed.
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
