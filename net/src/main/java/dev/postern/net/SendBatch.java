package dev.postern.net;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/// Datagrams on their way out, sent together by [UdpSocket#send]. Nothing is copied: the octets of
/// a message must stay as they are, and their arena open, until the send returns. Adding and
/// sending allocate nothing.
///
/// A message may be a run of datagrams to one peer, laid one behind the other, each `segmentSize`
/// octets long but for the last one: the kernel splits it (UDP_SEGMENT), or where it cannot, the
/// socket sends them one by one.
///
/// One thread at a time. After a send the outcome can be read until the next [#add], which begins a
/// new batch.
public final class SendBatch {
    /// UDP_MAX_SEGMENTS of every kernel that knows UDP_SEGMENT.
    public static final int MAX_SEGMENTS = 64;

    /// The longest UDP payload over IPv4, and the longest run.
    public static final int MAX_LENGTH = 65_507;

    private static final ValueLayout.OfInt BE_WORD =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE_HALF =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int IN_PKTINFO = 12;
    private static final int IN6_PKTINFO = 20;

    private final MessageVector vector;
    private final MessageVector singles;
    private final Transmission transmission;
    private final @Nullable MemorySegment[] payloads;
    private final long[] address;
    private final int[] length;
    private final int[] segmentSize;
    private final int[] envelopeControl;
    private final int[] error;
    private int count;
    private int failed;
    private boolean sent;

    private SendBatch(Arena arena, int slots) {
        vector = new MessageVector(arena, slots);
        singles = new MessageVector(arena, MAX_SEGMENTS);
        transmission = new Transmission(this, new PollSet(arena, 1));
        payloads = new MemorySegment[slots];
        address = new long[slots];
        length = new int[slots];
        segmentSize = new int[slots];
        envelopeControl = new int[slots];
        error = new int[slots];
    }

    /// Room for a number of messages.
    ///
    /// @param slots messages that fit in, 1 to 1024
    public static SendBatch allocate(Arena arena, int slots) {
        if (slots < 1 || slots > 1024) {
            throw new IllegalArgumentException(slots + " slots are not within 1 to 1024");
        }
        return new SendBatch(arena, slots);
    }

    public int count() {
        return sent ? 0 : count;
    }

    public boolean isEmpty() {
        return count() == 0;
    }

    public boolean isFull() {
        return count() == vector.slots();
    }

    /// Adds a message of one datagram.
    ///
    /// @param source the address to send from, its port ignored; null leaves the choice to the
    ///   kernel
    /// @return the slot, to ask for its outcome
    public int add(
            Endpoint destination,
            @Nullable Endpoint source,
            MemorySegment octets,
            long offset,
            int messageLength) {
        return add(destination, source, octets, offset, messageLength, messageLength);
    }

    /// Adds a run of datagrams of `datagramLength` octets, the last one possibly shorter.
    ///
    /// @param octets native memory
    /// @throws IllegalStateException where the batch is full
    /// @throws IllegalArgumentException where the run has more than [#MAX_SEGMENTS] datagrams or
    ///   more than [#MAX_LENGTH] octets
    public int add(
            Endpoint destination,
            @Nullable Endpoint source,
            MemorySegment octets,
            long offset,
            int messageLength,
            int datagramLength) {
        return add(destination, source, octets, offset, messageLength, datagramLength, 0);
    }

    /// The same under a traffic class: DSCP and ECN of the IP header (IP_TOS, IPV6_TCLASS).
    ///
    /// @param trafficClass 0 to 255
    public int add(
            Endpoint destination,
            @Nullable Endpoint source,
            MemorySegment octets,
            long offset,
            int messageLength,
            int datagramLength,
            int trafficClass) {
        if (sent) {
            clear();
        }
        if (count == vector.slots()) {
            throw new IllegalStateException("all " + count + " slots are taken: send first");
        }
        check(octets, offset, messageLength, datagramLength);
        int slot = count;
        payloads[slot] = octets;
        address[slot] = octets.address() + offset;
        length[slot] = messageLength;
        segmentSize[slot] = datagramLength;
        error[slot] = 0;
        vector.setBuffer(slot, address[slot], messageLength);
        vector.setNameLength(
                slot, destination.writeSockaddr(vector.names(), MessageVector.nameOffset(slot)));
        int control = source == null ? 0 : writeSource(slot, source);
        if (trafficClass != 0) {
            control += writeTrafficClass(slot, control, destination.isIpv4(), trafficClass);
        }
        envelopeControl[slot] = control;
        if (datagramLength < messageLength) {
            control += writeSegmentation(slot, control, datagramLength);
        }
        vector.setControlLength(slot, control);
        count++;
        return slot;
    }

    /// Forgets what was added and the outcome of the last send.
    public void clear() {
        Arrays.fill(payloads, 0, count, null);
        count = 0;
        failed = 0;
        sent = false;
    }

    /// How many messages of the last send were not sent, or not all of their datagrams.
    public int failed() {
        return failed;
    }

    /// Why a message of the last send was not sent, one of [Errno]; 0 where it was. `ECONNREFUSED`,
    /// `EHOSTUNREACH` and `ENETUNREACH` are a hint about the path, nothing more: whoever can forge
    /// an ICMP message can cause them. `EAGAIN` says that the socket buffer stayed full.
    public int error(int slot) {
        return error[Objects.checkIndex(slot, count)];
    }

    MessageVector vector() {
        return vector;
    }

    MessageVector singles() {
        return singles;
    }

    Transmission transmission() {
        return transmission;
    }

    int queued() {
        return count;
    }

    boolean isSegmented(int slot) {
        return segmentSize[slot] < length[slot];
    }

    /// Prepares the datagrams of a run as single messages.
    ///
    /// @return how many there are
    int splitIntoSingles(int slot) {
        int datagrams = 0;
        for (int at = 0; at < length[slot]; at += segmentSize[slot]) {
            singles.copyEnvelope(datagrams, vector, slot, envelopeControl[slot]);
            singles.setBuffer(
                    datagrams, address[slot] + at, Math.min(segmentSize[slot], length[slot] - at));
            datagrams++;
        }
        return datagrams;
    }

    void fail(int slot, int errno) {
        if (error[slot] == 0) {
            failed++;
        }
        error[slot] = errno;
    }

    /// The payloads are no longer needed.
    void finish() {
        Arrays.fill(payloads, 0, count, null);
        sent = true;
    }

    private static void check(MemorySegment octets, long offset, int length, int datagramLength) {
        Objects.checkFromIndexSize(offset, length, octets.byteSize());
        if (!octets.isNative()) {
            throw new IllegalArgumentException("the octets are not in native memory");
        }
        if (length > MAX_LENGTH) {
            throw new IllegalArgumentException(length + " octets do not fit into " + MAX_LENGTH);
        }
        if ((datagramLength < 1 && length > 0) || (long) datagramLength * MAX_SEGMENTS < length) {
            throw new IllegalArgumentException(
                    length
                            + " octets by "
                            + datagramLength
                            + " are more than "
                            + MAX_SEGMENTS
                            + " datagrams");
        }
    }

    private int writeSource(int slot, Endpoint source) {
        MemorySegment controls = vector.controls();
        long at = MessageVector.controlOffset(slot);
        long data = at + MessageVector.CMSG_HEADER;
        if (source.isIpv4()) {
            writeHeader(at, IN_PKTINFO, Linux.SOL_IP, Linux.IP_PKTINFO);
            controls.set(JAVA_INT, data, 0);
            controls.set(BE_WORD, data + 4, (int) source.low());
            controls.set(JAVA_INT, data + 8, 0);
            return 32;
        }
        writeHeader(at, IN6_PKTINFO, Linux.SOL_IPV6, Linux.IPV6_PKTINFO);
        controls.set(BE_HALF, data, source.high());
        controls.set(BE_HALF, data + 8, source.low());
        controls.set(JAVA_INT, data + 16, source.scope());
        return 40;
    }

    private int writeTrafficClass(int slot, int controlOffset, boolean ipv4, int trafficClass) {
        long at = MessageVector.controlOffset(slot) + controlOffset;
        if (ipv4) {
            writeHeader(at, Integer.BYTES, Linux.SOL_IP, Linux.IP_TOS);
        } else {
            writeHeader(at, Integer.BYTES, Linux.SOL_IPV6, Linux.IPV6_TCLASS);
        }
        vector.controls().set(JAVA_INT, at + MessageVector.CMSG_HEADER, trafficClass);
        return 24;
    }

    private int writeSegmentation(int slot, int controlOffset, int datagramLength) {
        long at = MessageVector.controlOffset(slot) + controlOffset;
        writeHeader(at, Short.BYTES, Linux.SOL_UDP, Linux.UDP_SEGMENT);
        vector.controls().set(JAVA_SHORT, at + MessageVector.CMSG_HEADER, (short) datagramLength);
        return 24;
    }

    private void writeHeader(long at, int dataLength, int level, int type) {
        MemorySegment controls = vector.controls();
        controls.set(JAVA_LONG, at, (long) MessageVector.CMSG_HEADER + dataLength);
        controls.set(JAVA_INT, at + 8, level);
        controls.set(JAVA_INT, at + 12, type);
    }
}
