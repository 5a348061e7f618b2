package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.wire.Octets;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Whose records a takeover reads, and when.
class SessionTakeoverTest {
    /// Each node has left one record, of a version that nobody knows.
    private static final class Left extends RecordsToRead {
        final List<String> asked = new ArrayList<>();
        final List<Integer> handedBefore = new ArrayList<>();
        final List<String> dropped = new ArrayList<>();
        final Epochs endpoint = new Epochs();
        final SessionTakeover takeover =
                new SessionTakeover(
                        this,
                        endpoint,
                        new StandbyRole.Action.Serve(2, false),
                        List.of("gw-a", "gw-b", "gw-c"),
                        0);

        @Override
        public void takeAll(String node, Consumer<List<Snapshot>> taker) {
            asked.add(node);
            handedBefore.add(endpoint.handed);
            taker.accept(
                    List.of(new Snapshot(Octets.ofHex("01"), Octets.ofHex("ff"), Octets.EMPTY)));
            taker.accept(List.of());
        }

        @Override
        public void dropTaken(String node) {
            dropped.add(node);
        }
    }

    /// Hears of epochs; no record can be read.
    private static final class Epochs implements SessionTakeover.Successor {
        final List<Integer> heard = new ArrayList<>();
        int handed;

        @Override
        public int takeOver(SessionTakeover takeover, List<Snapshot> records) {
            if (records.isEmpty()) {
                heard.add(takeover.epoch());
            } else {
                handed += records.size();
            }
            return 0;
        }

        @Override
        public long judged() {
            return 0;
        }

        @Override
        public long takenOver() {
            return 0;
        }
    }

    /// Else what the endpoint writes anew of the first node's would be read as left by ourselves,
    /// and removed at the end.
    @Test
    void allIsReadBeforeAnythingIsInstalled() {
        Left left = new Left();
        left.takeover.announce();
        left.takeover.hasArrived();
        left.takeover.begin();
        assertThat(left.asked).containsExactly("gw-a", "gw-b", "gw-c");
        assertThat(left.handedBefore).containsOnly(0);
        assertThat(left.takeover.refused()).isEqualTo(3);
        assertThat(left.takeover.isDone()).isTrue();
        assertThat(left.dropped).isEmpty();
        left.takeover.finish();
        assertThat(left.dropped).containsExactly("gw-a", "gw-b", "gw-c");
    }

    /// Else the endpoint would write under an epoch of long ago, and the next member refuse that.
    @Test
    void theEndpointKnowsTheEpochAlsoWhereNothingWasLeft() {
        Left left = new Left();
        left.takeover.announce();
        assertThat(left.endpoint.heard).containsExactly(2);
        left.takeover.begin();
        assertThat(left.takeover.isDone()).as("before it has arrived").isFalse();
        left.takeover.hasArrived();
        assertThat(left.takeover.isDone()).isTrue();
    }

    @Test
    void ofATakeoverThatWasAbandonedNothingIsInstalled() {
        Left left = new Left();
        left.takeover.abandon();
        left.takeover.begin();
        assertThat(left.takeover.refused()).isZero();
    }
}
