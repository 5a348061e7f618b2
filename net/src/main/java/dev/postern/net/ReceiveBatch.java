package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/// Native memory for one batch of received datagrams, allocated once and filled again and again by
/// [UdpSocket#receive]. Receiving allocates nothing.
///
/// A slot holds one datagram, or with UDP_GRO a run of datagrams of one sender that the kernel has
/// put one behind the other: each is `segmentSize` octets long, the last one may be shorter. The
/// contents are valid until the next receive into this batch and may be changed in place.
///
/// One thread at a time.
public final class ReceiveBatch {
    /// The longest UDP payload, rounded up; a GRO run is not longer either.
    public static final int SLOT_BYTES = 65_536;

    private static final ValueLayout.OfInt BE_WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE_HALF =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MessageVector vector;
    private final PollSet pollSet;
    private final MemorySegment[] buffers;
    private final int[] length;
    private final int[] segmentSize;
    private final boolean[] truncated;
    private final long[] localHigh;
    private final long[] localLow;
    private final int[] arrivalInterface;
    private final int[] trafficClass;
    private int count;
    private int localPort;

    private ReceiveBatch(Arena arena, int slots) {
        vector = new MessageVector(arena, slots);
        pollSet = new PollSet(arena, 2);
        buffers = new MemorySegment[slots];
        length = new int[slots];
        segmentSize = new int[slots];
        truncated = new boolean[slots];
        localHigh = new long[slots];
        localLow = new long[slots];
        arrivalInterface = new int[slots];
        trafficClass = new int[slots];
        MemorySegment memory = arena.allocate((long) slots * SLOT_BYTES, 64);
        for (int i = 0; i < slots; i++) {
            buffers[i] = memory.asSlice((long) i * SLOT_BYTES, SLOT_BYTES);
            vector.setBuffer(i, buffers[i].address(), SLOT_BYTES);
            rearm(i);
        }
    }

    /// Memory for `slots` datagrams or runs, 64 KB each. `Arena.ofAuto()` fits a batch that lives
    /// as long as its thread; a confined arena binds the batch to the thread that made it.
    ///
    /// @param slots 1 to 1024, the limit of one recvmmsg
    public static ReceiveBatch allocate(Arena arena, int slots) {
        if (slots < 1 || slots > 1024) {
            throw new IllegalArgumentException(slots + " slots are not within 1 to 1024");
        }
        return new ReceiveBatch(arena, slots);
    }

    /// How many slots the last receive filled.
    public int count() {
        return count;
    }

    /// The whole 64 KB of a slot; the first [#length] octets are the datagram or run.
    public MemorySegment buffer(int slot) {
        return buffers[checked(slot)];
    }

    public int length(int slot) {
        return length[checked(slot)];
    }

    /// The length of each datagram in the slot, except that the last one may be shorter; equal to
    /// [#length] for a single datagram. At least 1, so that a loop over a slot ends.
    public int segmentSize(int slot) {
        return segmentSize[checked(slot)];
    }

    /// Whether the kernel cut the datagram off. It never does with slots of this size.
    public boolean isTruncated(int slot) {
        return truncated[checked(slot)];
    }

    /// First half of the sender's address as in [Endpoint].
    public long peerHigh(int slot) {
        return Endpoint.highOf(vector.names(), MessageVector.nameOffset(checked(slot)));
    }

    public long peerLow(int slot) {
        return Endpoint.lowOf(vector.names(), MessageVector.nameOffset(checked(slot)));
    }

    public int peerPort(int slot) {
        return Endpoint.portOf(vector.names(), MessageVector.nameOffset(checked(slot)));
    }

    /// Whether the datagram came from this address and port. Allocates nothing.
    public boolean isFrom(int slot, Endpoint endpoint) {
        return endpoint.low() == peerLow(slot)
                && endpoint.high() == peerHigh(slot)
                && endpoint.port() == peerPort(slot);
    }

    /// Allocates.
    public Endpoint peer(int slot) {
        return Endpoint.readSockaddr(vector.names(), MessageVector.nameOffset(checked(slot)));
    }

    public long localHigh(int slot) {
        return localHigh[checked(slot)];
    }

    public long localLow(int slot) {
        return localLow[checked(slot)];
    }

    /// Whether the datagram was sent to this address of ours; the port is not compared.
    public boolean isTo(int slot, Endpoint local) {
        return local.low() == localLow(slot) && local.high() == localHigh(slot);
    }

    /// The address of ours that the datagram was sent to, with the port of the socket: what an
    /// answer gives [SendBatch#add] as its source. Allocates.
    public Endpoint local(int slot) {
        checked(slot);
        boolean linkLocal = (localHigh[slot] >>> 54) == 0xfe80L >>> 6;
        return new Endpoint(
                localHigh[slot], localLow[slot], localPort, linkLocal ? arrivalInterface[slot] : 0);
    }

    /// Index of the interface it came in on.
    public int arrivalInterface(int slot) {
        return arrivalInterface[checked(slot)];
    }

    /// DSCP and ECN of the IP header that it came under; a run of datagrams has the same.
    public int trafficClass(int slot) {
        return trafficClass[checked(slot)];
    }

    PollSet pollSet() {
        return pollSet;
    }

    /// Receives without waiting.
    ///
    /// @return the number of slots filled, or the negative error number
    int fill(int fd, Endpoint bound) {
        for (int i = 0; i < count; i++) {
            rearm(i);
        }
        count = 0;
        int received = vector.receive(fd);
        if (received <= 0) {
            return received;
        }
        count = received;
        localPort = bound.port();
        for (int i = 0; i < received; i++) {
            length[i] = vector.length(i);
            segmentSize[i] = Math.max(1, length[i]);
            truncated[i] = (vector.flags(i) & Linux.MSG_TRUNC) != 0;
            localHigh[i] = bound.high();
            localLow[i] = bound.low();
            trafficClass[i] = 0;
            readControl(i);
        }
        return received;
    }

    /// The kernel shortened these two lengths to what it wrote.
    private void rearm(int slot) {
        vector.setNameLength(slot, Endpoint.SOCKADDR_BYTES);
        vector.setControlLength(slot, MessageVector.CONTROL_BYTES);
    }

    private void readControl(int slot) {
        MemorySegment controls = vector.controls();
        long at = MessageVector.controlOffset(slot);
        long end = at + Math.min(vector.controlLength(slot), MessageVector.CONTROL_BYTES);
        while (end - at >= MessageVector.CMSG_HEADER) {
            long size = controls.get(JAVA_LONG, at);
            int level = controls.get(JAVA_INT, at + 8);
            int type = controls.get(JAVA_INT, at + 12);
            long data = at + MessageVector.CMSG_HEADER;
            if (size < MessageVector.CMSG_HEADER || size > end - at) {
                return;
            }
            if (level == Linux.SOL_UDP && type == Linux.UDP_GRO) {
                segmentSize[slot] = Math.max(1, controls.get(JAVA_INT, data));
            } else if (level == Linux.SOL_IP && type == Linux.IP_PKTINFO) {
                // in_pktinfo: interface, our address for an answer, destination of the header
                arrivalInterface[slot] = controls.get(JAVA_INT, data);
                localHigh[slot] = 0;
                localLow[slot] = Endpoint.mapped(controls.get(BE_WORD, data + 4));
            } else if (level == Linux.SOL_IPV6 && type == Linux.IPV6_PKTINFO) {
                // in6_pktinfo: destination address, interface
                localHigh[slot] = controls.get(BE_HALF, data);
                localLow[slot] = controls.get(BE_HALF, data + 8);
                arrivalInterface[slot] = controls.get(JAVA_INT, data + 16);
            } else if (level == Linux.SOL_IP && type == Linux.IP_TOS) {
                trafficClass[slot] = Byte.toUnsignedInt(controls.get(JAVA_BYTE, data));
            } else if (level == Linux.SOL_IPV6 && type == Linux.IPV6_TCLASS) {
                trafficClass[slot] = controls.get(JAVA_INT, data) & 0xff;
            }
            at += (size + 7) & ~7L;
        }
    }

    private int checked(int slot) {
        return Objects.checkIndex(slot, count);
    }
}
