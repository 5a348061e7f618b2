package dev.postern.esp;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/// Sealed datagrams on their way out, as trains: consecutive datagrams for one path, all of one
/// traffic class and of the same length but the last, which may be shorter. One train is one
/// message with UDP_SEGMENT. Trains lie behind one another in one piece of memory, which stays
/// small enough for a processor's cache. Used by the sealer's thread alone.
public final class OutgoingBatch {
    /// The most datagrams that every kernel with UDP_SEGMENT takes in one message.
    static final int MOST_SEGMENTS = 64;

    /// The most octets of one message: what UDP over IPv4 can carry.
    static final int LONGEST_TRAIN = 65_507;

    private final MemorySegment memory;
    private final DatagramSender sender;
    private final long[] offsets;
    private final int[] lengths;
    private final int[] segmentLengths;
    private final int[] segments;
    private final int[] trafficClasses;
    private final @Nullable UdpPath[] paths;
    private int trains;
    private boolean open;
    private long end;

    /// @param memory native, at least 64 KB
    /// @param mostTrains the longest list that one call of `sender` takes
    public OutgoingBatch(MemorySegment memory, int mostTrains, DatagramSender sender) {
        if (memory.byteSize() < LONGEST_TRAIN || mostTrains < 1) {
            throw new IllegalArgumentException(
                    "%d octets for %d trains".formatted(memory.byteSize(), mostTrains));
        }
        this.memory = memory;
        this.sender = sender;
        this.offsets = new long[mostTrains];
        this.lengths = new int[mostTrains];
        this.segmentLengths = new int[mostTrains];
        this.segments = new int[mostTrains];
        this.trafficClasses = new int[mostTrains];
        this.paths = new UdpPath[mostTrains];
    }

    public MemorySegment memory() {
        return memory;
    }

    public int trains() {
        return trains;
    }

    /// Where the train with this index starts in `memory`.
    public long offset(int train) {
        return offsets[train];
    }

    /// Octets of all datagrams of the train.
    public int length(int train) {
        return lengths[train];
    }

    /// Octets of each datagram but the last.
    public int segmentLength(int train) {
        return segmentLengths[train];
    }

    /// How many datagrams the train has.
    public int segments(int train) {
        return segments[train];
    }

    /// DSCP and ECN of each datagram's IP header.
    public int trafficClass(int train) {
        return trafficClasses[train];
    }

    public UdpPath path(int train) {
        UdpPath path = paths[train];
        if (path == null) {
            throw new IndexOutOfBoundsException("train " + train + " of " + trains);
        }
        return path;
    }

    /// Sends what is there.
    public void flush() {
        if (trains > 0) {
            sender.send(this);
            trains = 0;
            open = false;
            end = 0;
        }
    }

    /// Makes room for one datagram of at most 65,507 octets, if need be by sending what is there.
    ///
    /// @return where it goes in `memory`
    long append(UdpPath path, int trafficClass, int length) {
        if (end + length > memory.byteSize()) {
            flush();
        }
        int last = trains - 1;
        if (!open
                || paths[last] != path
                || trafficClasses[last] != trafficClass
                || length > segmentLengths[last]
                || lengths[last] + length > LONGEST_TRAIN
                || segments[last] == MOST_SEGMENTS) {
            last = start(path, trafficClass, length);
        }
        long at = end;
        end += length;
        lengths[last] += length;
        segments[last]++;
        open = length == segmentLengths[last];
        return at;
    }

    private int start(UdpPath path, int trafficClass, int length) {
        if (trains == offsets.length) {
            flush();
        }
        int train = trains++;
        offsets[train] = end;
        lengths[train] = 0;
        segmentLengths[train] = length;
        segments[train] = 0;
        trafficClasses[train] = trafficClass;
        paths[train] = path;
        return train;
    }
}
