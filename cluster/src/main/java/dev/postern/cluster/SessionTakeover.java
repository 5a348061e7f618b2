package dev.postern.cluster;

import dev.postern.cluster.StandbyRecords.Snapshot;

import java.util.ArrayList;
import java.util.List;

/// One takeover under one epoch: what the members before us have left goes to the endpoint, in
/// parts and the last owner's first; when all of it is installed, and written anew as ours, the old
/// records go.
///
///     records of node, node, ... --> all read --> endpoint (paced) --> done: dropTaken
///
/// Nothing is installed before all is read: among the nodes are we ourselves, in an earlier life,
/// and what this one writes must not be taken for what that one has left. One thread begins and
/// ends it; the records may come on others, one after the other.
public final class SessionTakeover {
    /// The endpoint that carries on.
    public interface Successor {
        /// Hands records in, and says under which epoch this member serves from then on; none is
        /// lost. Once the endpoint has heard of it, [SessionTakeover#hasArrived] is called.
        ///
        /// @param takeover whose records are wiped where it was abandoned meanwhile
        /// @return how many of them can be read; the others are of a version not known here
        int takeOver(SessionTakeover takeover, List<Snapshot> records);

        /// How many records it has judged since it began, whatever came of them.
        long judged();

        /// How many of them it carries on with.
        long takenOver();
    }

    private final StandbyRecords records;
    private final Successor successor;
    private final StandbyRole.Action.Serve serve;
    private final List<String> nodes;
    private final long began;
    private final long judgedBefore;
    private final long takenBefore;
    private volatile long left;
    private volatile long handed;
    private volatile boolean announced;
    private volatile boolean read;
    private volatile boolean abandoned;

    /// @param nodes all that may have left something, the last owner first
    /// @param now monotonic nanoseconds
    public SessionTakeover(
            StandbyRecords records,
            Successor successor,
            StandbyRole.Action.Serve serve,
            List<String> nodes,
            long now) {
        this.records = records;
        this.successor = successor;
        this.serve = serve;
        this.nodes = List.copyOf(nodes);
        this.began = now;
        this.judgedBefore = successor.judged();
        this.takenBefore = successor.takenOver();
    }

    public int epoch() {
        return serve.epoch();
    }

    /// Whether another member may have carried on with what is handed on here.
    public boolean isOutdated() {
        return serve.outdated();
    }

    /// Tells the endpoint the epoch, also where nobody has left anything: what it writes from now
    /// on says under which one. Before anything is served under it.
    public void announce() {
        successor.takeOver(this, List.of());
    }

    /// The endpoint knows the epoch.
    public void hasArrived() {
        announced = true;
    }

    /// Reads, and hands on, what the members before us have left.
    public void begin() {
        takeFrom(0, new ArrayList<>());
    }

    private void takeFrom(int index, List<List<Snapshot>> parts) {
        if (index == nodes.size()) {
            hand(parts);
            return;
        }
        records.takeAll(
                nodes.get(index),
                part -> {
                    if (part.isEmpty()) {
                        takeFrom(index + 1, parts);
                    } else {
                        parts.add(part);
                    }
                });
    }

    private void hand(List<List<Snapshot>> parts) {
        long all = 0;
        long readable = 0;
        for (List<Snapshot> part : parts) {
            if (!abandoned) {
                all += part.size();
                readable += successor.takeOver(this, part);
            }
        }
        left = all;
        handed = readable;
        read = true;
    }

    /// This member has stood down before the end: what is on its way is wiped, and stays written.
    public void abandon() {
        abandoned = true;
    }

    public boolean isAbandoned() {
        return abandoned;
    }

    /// Whether the endpoint knows the epoch, and all is installed that can be.
    public boolean isDone() {
        return announced && read && successor.judged() - judgedBefore >= handed;
    }

    /// The records of the members before us are of no use any more.
    public void finish() {
        nodes.forEach(records::dropTaken);
    }

    /// IKE SAs that are carried on with.
    public long taken() {
        return successor.takenOver() - takenBefore;
    }

    /// Records that were not; counted once all are read.
    public long refused() {
        return read ? left - taken() : 0;
    }

    /// @param now monotonic nanoseconds
    public long millis(long now) {
        return (now - began) / 1_000_000;
    }
}
