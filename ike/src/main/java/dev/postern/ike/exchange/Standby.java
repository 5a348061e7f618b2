package dev.postern.ike.exchange;

import dev.postern.ike.sa.EstablishedSession;
import dev.postern.ike.sa.RequestWindow;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.Octets;
import dev.postern.wire.Payload;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/// Where one IKE SA stands between the members of a cluster: of the peer's cluster, whose
/// synchronization requests it has judged, and of ours, which may have handed it on.
final class Standby {
    /// No Message ID is lower than this.
    static final long NONE = -1;

    // As the peer of a cluster.
    private long highestSynchronized = NONE;
    private int lastRequestHash;
    private List<byte[]> lastResponse = List.of();

    // As either.
    private int failoverCount;
    private int takeovers;

    // As the member that took over.
    private @Nullable CounterSyncInitiator synchronization;
    private long synchronizeAt = RequestWindow.NEVER;
    private long rekeyChildrenAt = RequestWindow.NEVER;
    private List<Payload.Notify> unknown = List.of();

    // As the member that may be taken over.
    private @Nullable Octets key;
    private @Nullable EstablishedSession writtenSession;
    private int writtenShape;
    private int writtenRequestId;
    private int writtenExpectedId;

    /// What the IKE SA that rekeys this one begins with: the failover count goes on (failover
    /// profile, "Hot standby").
    Standby ofSuccessor() {
        Standby successor = new Standby();
        successor.failoverCount = failoverCount;
        successor.rekeyChildrenAt = rekeyChildrenAt;
        return successor;
    }

    /// The highest failover count that was verified, or that we have taken over under.
    int failoverCount() {
        return failoverCount;
    }

    void raiseFailoverCount(int count) {
        failoverCount = count;
    }

    /// Whether another member has carried on with it: one of the peer's cluster, as that has said,
    /// or of ours.
    boolean wasCarriedOn() {
        return highestSynchronized != NONE || failoverCount != 0;
    }

    /// We have taken over under this epoch, which is the failover count from now on.
    void takenOver(StandbyRecord record, int epoch) {
        takeovers = SequenceLeap.takeoversSince(record, epoch);
        failoverCount = epoch;
        unknown = record.unknown();
    }

    /// What a newer version has added to the record that we go by, to be copied on.
    List<Payload.Notify> unknown() {
        return unknown;
    }

    /// How many takeovers there may have been since the record was written that we go by, ours
    /// included.
    int takeovers() {
        return takeovers;
    }

    /// How far the sequence numbers of its Child SAs leap.
    long leap() {
        return SequenceLeap.of(takeovers);
    }

    /// The highest M1 that the peer's cluster has named.
    long highestSynchronized() {
        return highestSynchronized;
    }

    /// Notes the answer to a synchronization request, for its repetitions.
    void answered(long m1, int requestHash, List<byte[]> response) {
        highestSynchronized = m1;
        lastRequestHash = requestHash;
        lastResponse = response;
    }

    /// The answer to these octets, empty where they were not the last request.
    List<byte[]> answerTo(int requestHash) {
        return lastRequestHash == requestHash ? lastResponse : List.of();
    }

    /// The peer has sent a request of another kind: the synchronization is over.
    void forgetAnswer() {
        lastResponse = List.of();
    }

    /// Our own synchronization request that waits for its answer.
    @Nullable CounterSyncInitiator synchronization() {
        return synchronization;
    }

    void synchronize(@Nullable CounterSyncInitiator begun) {
        synchronization = begun;
        synchronizeAt = RequestWindow.NEVER;
    }

    /// Whether the counters are still to be synchronized and nobody has begun it: once for each
    /// takeover (RFC 6311 section 7).
    boolean isDue() {
        return synchronizeAt != RequestWindow.NEVER;
    }

    /// Whether the peer has still to answer our synchronization request, or to get it.
    boolean isSynchronizing() {
        return synchronization != null || isDue();
    }

    long synchronizeAt() {
        return synchronizeAt;
    }

    void synchronizeAt(long instant) {
        synchronizeAt = instant;
    }

    /// When the Child SAs that were taken over are rekeyed at the latest.
    long rekeyChildrenAt() {
        return rekeyChildrenAt;
    }

    void rekeyChildrenAt(long instant) {
        rekeyChildrenAt = instant;
    }

    long deadline() {
        long own = synchronization == null ? synchronizeAt : synchronization.repeatAt();
        return Math.min(own, rekeyChildrenAt);
    }

    /// The name under which a standby keeps it; null where none does.
    @Nullable Octets key() {
        return key;
    }

    /// Whether what a standby keeps differs from this.
    boolean isOutdated(@Nullable EstablishedSession session, int shape) {
        return key == null || !Objects.equals(writtenSession, session) || writtenShape != shape;
    }

    void written(
            Octets name,
            @Nullable EstablishedSession session,
            int shape,
            int nextRequestId,
            int expectedRequestId) {
        key = name;
        writtenSession = session;
        writtenShape = shape;
        countersWritten(nextRequestId, expectedRequestId);
    }

    void countersWritten(int nextRequestId, int expectedRequestId) {
        writtenRequestId = nextRequestId;
        writtenExpectedId = expectedRequestId;
    }

    /// How many Message IDs a standby lags behind.
    int lag(int nextRequestId, int expectedRequestId) {
        return Math.max(nextRequestId - writtenRequestId, expectedRequestId - writtenExpectedId);
    }

    /// No standby keeps it any more, or another member owns what it keeps.
    void forgotten() {
        key = null;
    }
}
