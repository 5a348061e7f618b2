package dev.postern.gateway.daemon;

import dev.postern.cluster.StandbyRecords;
import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.MalformedException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// One takeover under one epoch: what the members before us have left goes to the endpoint, in
/// parts and the last owner's first; when all of it is installed, and written anew as ours, the old
/// records go.
///
///     records of node, node, ... --> all read --> endpoint (paced) --> done: dropTaken
///
/// Nothing is installed before all is read: among the nodes are we ourselves, in an earlier life,
/// and what this one writes must not be taken for what that one has left.
final class SessionTakeover {
    private static final Logger LOG = LoggerFactory.getLogger(SessionTakeover.class);

    /// The endpoint that carries on.
    interface Successor {
        /// Hands records in, and says under which epoch this member serves from then on; none is
        /// lost.
        ///
        /// @param takeover whose records are wiped where it was abandoned meanwhile
        void takeOver(SessionTakeover takeover, List<StandbyRecord> records);

        /// How many records it has judged since it began, whatever came of them.
        long judged();

        /// How many of them it carries on with.
        long takenOver();
    }

    private final StandbyRecords records;
    private final Successor successor;
    private final int epoch;
    private final List<String> nodes;
    private final long began;
    private final long judgedBefore;
    private final long takenBefore;
    private final AtomicLong handed = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();
    private volatile boolean announced;
    private volatile boolean read;
    private volatile boolean abandoned;

    /// @param nodes all that may have left something, the last owner first
    /// @param now monotonic nanoseconds
    SessionTakeover(
            StandbyRecords records, Successor successor, int epoch, List<String> nodes, long now) {
        this.records = records;
        this.successor = successor;
        this.epoch = epoch;
        this.nodes = List.copyOf(nodes);
        this.began = now;
        this.judgedBefore = successor.judged();
        this.takenBefore = successor.takenOver();
    }

    int epoch() {
        return epoch;
    }

    /// Tells the endpoint the epoch, also where nobody has left anything: what it writes from now
    /// on says under which one. Before anything is served under it.
    void announce() {
        successor.takeOver(this, List.of());
    }

    /// The endpoint knows the epoch.
    void hasArrived() {
        announced = true;
    }

    /// Reads, and hands on, what the members before us have left.
    void begin() {
        takeFrom(0, new ArrayList<>());
    }

    private void takeFrom(int index, List<List<Snapshot>> left) {
        if (index == nodes.size()) {
            for (List<Snapshot> part : left) {
                if (!abandoned) {
                    hand(part);
                }
            }
            read = true;
            return;
        }
        records.takeAll(
                nodes.get(index),
                part -> {
                    if (part.isEmpty()) {
                        takeFrom(index + 1, left);
                    } else {
                        left.add(part);
                    }
                });
    }

    private void hand(List<Snapshot> part) {
        List<StandbyRecord> readable = new ArrayList<>(part.size());
        for (Snapshot snapshot : part) {
            try {
                readable.add(KeptRecords.read(snapshot));
            } catch (MalformedException e) {
                unreadable.incrementAndGet();
                LOG.warn(
                        "a record of another version is not carried on with, its client resumes:"
                                + " {}",
                        e.getMessage());
            }
        }
        if (!readable.isEmpty()) {
            handed.addAndGet(readable.size());
            successor.takeOver(this, readable);
        }
    }

    /// This member has stood down before the end: what is on its way is wiped, and stays written.
    void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /// Whether the endpoint knows the epoch, and all is installed that can be.
    boolean isDone() {
        return announced && read && successor.judged() - judgedBefore >= handed.get();
    }

    /// The records of the members before us are of no use any more.
    void finish() {
        nodes.forEach(records::dropTaken);
    }

    /// IKE SAs that are carried on with.
    long taken() {
        return successor.takenOver() - takenBefore;
    }

    /// Records that were not.
    long refused() {
        return handed.get() - taken() + unreadable.get();
    }

    long millis(long now) {
        return (now - began) / 1_000_000;
    }
}
