package dev.postern.cluster;

import dev.postern.wire.Octets;

import java.util.List;
import java.util.function.Consumer;

/// Where a member's IKE SAs stand for the case that it is lost: snapshots, written behind, held by
/// the other members of its site in memory alone. The member that serves an IKE SA writes its
/// record and nobody else does; another member may read them, and takes them only once it owns the
/// lost member's sessions ([Ownership]).
///
/// `key` names an IKE SA among those of its member, for example by its SPI pair. Records are
/// secret: they travel between members under TLS and are never written to a disk. Calls return at
/// once, from any thread; what is written often is written once (the last counts).
public interface StandbyRecords {
    /// No record is longer.
    int MAXIMUM_LENGTH = 16_384;

    /// One IKE SA's snapshot.
    ///
    /// @param record everything to carry on with
    /// @param counters what changes with the traffic, written more often; empty before the first
    record Snapshot(Octets key, Octets record, Octets counters) {}

    /// Writes the record of one of our IKE SAs, as it changes.
    ///
    /// @throws IllegalArgumentException where it is too long
    void put(Octets key, Octets record);

    /// Writes what changes with the traffic, in batches: each call replaces the one before.
    void putCounters(Octets key, Octets counters);

    /// One of our IKE SAs has ended.
    void remove(Octets key);

    /// Hands over what a member has left, in parts, on any thread, the last of which is empty.
    /// Nothing is removed: should we fail before we have written our own, the next member finds it.
    ///
    /// @param node the lost member, or ourselves in an earlier life
    void takeAll(String node, Consumer<List<Snapshot>> taker);

    /// Removes what [#takeAll] has handed over of a member, after what waits to be written is; what
    /// has been written anew since stays.
    void dropTaken(String node);

    /// Removes all that is ours.
    void clear();

    /// Writes what waits, and waits for it a second at most.
    void flush();

    /// How far the others lag behind.
    Backlog backlog();

    /// How many records of a node stand here.
    int sizeOf(String node);

    /// What is not yet written.
    ///
    /// @param entries records and counters
    /// @param millis for how long something has waited; 0 for nothing
    record Backlog(int entries, long millis) {}
}
