package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What a member of a loose cluster does where another one is lost, in which order.
class LooseConductTest {
    private static final Member B = new Member("gw-b", "east", 2, "b1");
    private static final View ALONE = new View(2, List.of(new Member("gw-a", "east", 1, "a1")));
    private static final Snapshot RECORD =
            new Snapshot(Octets.ofAscii("key"), Octets.ofAscii("record"), Octets.EMPTY);

    private final Around around = new Around();
    private final LooseConduct conduct =
            new LooseConduct(
                    around, (node, outcome) -> around.judge(node, outcome), around, around, true);

    /// Writes down what is done, in order.
    private final class Around extends RecordsToRead implements Ownership, LooseConduct.Successor {
        final List<String> done = new ArrayList<>();
        final List<Consumer<Outcome>> asked = new ArrayList<>();
        boolean vouched = true;

        void judge(String node, Outcome outcome) {
            conduct.judged(node, outcome);
        }

        @Override
        public void acquire(String thing, long lifespanSeconds, Consumer<Outcome> then) {
            done.add("acquire " + thing);
            asked.add(then);
        }

        @Override
        public void release(String thing) {
            throw new AssertionError("nobody gives up what he has carried on with");
        }

        @Override
        public @Nullable Held heldHere(String thing) {
            return null;
        }

        @Override
        public void takeAll(String node, Consumer<List<Snapshot>> taker) {
            done.add("read " + node);
            taker.accept(List.of(RECORD));
            taker.accept(List.of());
        }

        @Override
        public void dropTaken(String node) {
            done.add("drop " + node);
        }

        @Override
        public @Nullable Consumer<List<Snapshot>> standIn(String node, int epoch) {
            done.add("stand in for " + node + " under " + epoch);
            return vouched ? part -> done.add("call " + part.size()) : null;
        }

        @Override
        public void exhausted(String node, long epoch) {
            done.add("exhausted " + epoch);
        }
    }

    private List<String> on(ClusterEvent event) {
        around.done.clear();
        conduct.on(event);
        return around.done;
    }

    private List<String> answer(Outcome outcome) {
        around.done.clear();
        around.asked.getLast().accept(outcome);
        return around.done;
    }

    @Test
    void theEpochIsOursBeforeTheRecordsAreReadAndTheyGoOnceAllAreHandedOn() {
        assertThat(on(new ClusterEvent.MemberLost(B, true)))
                .containsExactly("acquire sessions of gw-b");
        assertThat(answer(new Outcome.Owned(7)))
                .containsExactly("stand in for gw-b under 7", "read gw-b", "call 1", "drop gw-b");
        conduct.look();
        assertThat(around.done).as("once is enough").hasSize(4);
    }

    @Test
    void whoHasLeftOnPurposeAndWhoIsKnownToHaveEndedIsStoodInForAsWell() {
        assertThat(on(new ClusterEvent.MemberLeft(B))).hasSize(1);
        answer(new Outcome.Refused(new Held("gw-c", 3)));
        assertThat(on(new ClusterEvent.MemberDead("gw-b"))).hasSize(1);
    }

    @Test
    void theRecordsOfAMemberThatHasNotVouchedForUsStay() {
        around.vouched = false;
        on(new ClusterEvent.MemberLost(B, true));
        assertThat(answer(new Outcome.Owned(7))).containsExactly("stand in for gw-b under 7");
    }

    @Test
    void whoIsBackBeforeTheClusterHasAnsweredIsNotStoodInFor() {
        on(new ClusterEvent.MemberLost(B, true));
        on(new ClusterEvent.MemberJoined(B));
        assertThat(answer(new Outcome.Owned(7))).isEmpty();
    }

    @Test
    void whereAnotherMemberWasFirstTheMatterIsOver() {
        on(new ClusterEvent.MemberLost(B, true));
        answer(new Outcome.Refused(new Held("gw-c", 3)));
        conduct.look();
        assertThat(around.done).isEmpty();
    }

    @Test
    void whereNobodyCanSayItIsAskedAgainAndOneQuestionAtATime() {
        on(new ClusterEvent.MemberLost(B, true));
        conduct.look();
        assertThat(around.done).as("the first one is not answered yet").hasSize(1);
        answer(new Outcome.Unavailable());
        conduct.look();
        assertThat(around.done).containsExactly("acquire sessions of gw-b");
    }

    @Test
    void aSideThatIsNotPrimaryWaitsUntilItIs() {
        conduct.on(new ClusterEvent.ViewChanged(ALONE, false));
        assertThat(on(new ClusterEvent.MemberLost(B, false))).isEmpty();
        assertThat(on(new ClusterEvent.ViewChanged(ALONE, true)))
                .containsExactly("acquire sessions of gw-b");
    }

    @Test
    void anEpochThatDoesNotFitAnIvIsUsedForNothing() {
        on(new ClusterEvent.MemberLost(B, true));
        assertThat(answer(new Outcome.Owned(LooseConduct.HIGHEST_EPOCH + 1L)))
                .containsExactly("exhausted 65536");
        conduct.look();
        assertThat(around.done).hasSize(1);
    }
}
