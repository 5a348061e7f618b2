package dev.postern.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// A NETLINK_ROUTE socket: one request, then its answers up to the acknowledgement.
///
/// One thread at a time.
final class NetlinkSocket implements AutoCloseable {
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;
    private static final int SOCKADDR_NL_BYTES = 12;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int ERROR_FIXED = 4 + NetlinkMessage.HEADER;
    private static final int ERROR_TEXT = 1;

    private final Descriptor descriptor;
    private final MemorySegment buffer;
    private final MemorySegment kernel;
    private final MemorySegment state;
    private int sequence;

    private NetlinkSocket(int fd) {
        Arena arena = Arena.ofAuto();
        descriptor = new Descriptor(fd);
        buffer = arena.allocate(BUFFER_BYTES, 8);
        kernel = arena.allocate(SOCKADDR_NL_BYTES, 4);
        kernel.set(ValueLayout.JAVA_SHORT, 0, (short) Linux.AF_NETLINK);
        state = Libc.newCallState(arena);
    }

    /// A refusal by the kernel, with its own words if it had any.
    record Refusal(int errno, String words) {}

    /// The answers to a request, or why it was refused.
    record Outcome(List<NetlinkMessage.Received> answers, Refusal refusal) {
        static final Refusal NONE = new Refusal(0, "");

        boolean isDone() {
            return refusal.errno() == 0;
        }
    }

    static NetlinkSocket open() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int fd =
                    Libc.socket(
                            Libc.newCallState(arena),
                            Linux.AF_NETLINK,
                            Linux.SOCK_RAW | Linux.SOCK_CLOEXEC,
                            0);
            if (fd < 0) {
                throw new SystemCallException(
                        "cannot open a netlink socket",
                        -fd,
                        "a unit with RestrictAddressFamilies must list AF_NETLINK");
            }
            SocketOptions.set(fd, Linux.SOL_NETLINK, NETLINK_CAP_ACK, 1);
            SocketOptions.set(fd, Linux.SOL_NETLINK, NETLINK_EXT_ACK, 1);
            SocketOptions.set(fd, Linux.SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
            return new NetlinkSocket(fd);
        }
    }

    /// Sends a request and takes all its answers.
    ///
    /// @param fixedLength length of the fixed header of the answers
    Outcome exchange(NetlinkMessage request, int fixedLength) throws IOException {
        byte[] octets = request.finish(++sequence);
        int fd = descriptor.acquire();
        try {
            MemorySegment.copy(octets, 0, buffer, ValueLayout.JAVA_BYTE, 0, octets.length);
            int result =
                    Libc.sendto(state, fd, buffer, octets.length, 0, kernel, SOCKADDR_NL_BYTES);
            if (result < 0) {
                throw new SystemCallException("cannot send a netlink request", -result);
            }
            return answers(fd, fixedLength);
        } finally {
            descriptor.release();
        }
    }

    private Outcome answers(int fd, int fixedLength) throws IOException {
        List<NetlinkMessage.Received> answers = new ArrayList<>();
        while (true) {
            int length = Libc.recv(state, fd, buffer, BUFFER_BYTES, 0);
            if (length == -Errno.EINTR) {
                continue;
            }
            if (length < 0) {
                throw new SystemCallException("cannot receive a netlink answer", -length);
            }
            // A copy: attributes outlive the next receive.
            ByteBuffer octets =
                    ByteBuffer.wrap(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE))
                            .order(ByteOrder.nativeOrder());
            int at = 0;
            while (at + NetlinkMessage.HEADER <= length) {
                int size = octets.getInt(at);
                if (size < NetlinkMessage.HEADER || size > length - at) {
                    break;
                }
                int type = octets.getShort(at + 4);
                ByteBuffer payload =
                        octets.slice(at + NetlinkMessage.HEADER, size - NetlinkMessage.HEADER)
                                .order(ByteOrder.nativeOrder());
                if (octets.getInt(at + 8) != sequence) {
                    // the rest of an answer to an earlier request that was given up
                } else if (type == NetlinkMessage.ERROR || type == NetlinkMessage.DONE) {
                    return new Outcome(answers, refusal(payload));
                } else {
                    answers.add(NetlinkMessage.Received.parse(type, payload, fixedLength));
                }
                at += (size + 3) & ~3;
            }
        }
    }

    /// Both kinds of last message begin with the negative error number, 0 if all went well.
    private static Refusal refusal(ByteBuffer payload) {
        int error = payload.limit() < 4 ? 0 : payload.getInt(0);
        if (error >= 0) {
            return Outcome.NONE;
        }
        String words =
                NetlinkMessage.Received.parse(NetlinkMessage.ERROR, payload, ERROR_FIXED)
                        .text(ERROR_TEXT);
        return new Refusal(-error, words);
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
