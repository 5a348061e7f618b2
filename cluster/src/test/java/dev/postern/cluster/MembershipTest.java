package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.ClusterEvent.MemberDead;
import dev.postern.cluster.ClusterEvent.MemberJoined;
import dev.postern.cluster.ClusterEvent.MemberLeft;
import dev.postern.cluster.ClusterEvent.MemberLost;
import dev.postern.cluster.ClusterEvent.ViewChanged;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

class MembershipTest {
    private static final Member A = new Member("gw-a", "east", 1, "a1");
    private static final Member B = new Member("gw-b", "east", 2, "b1");
    private static final Member B_AGAIN = new Member("gw-b", "east", 2, "b2");

    private final Membership ofA = new Membership(Set.of("gw-a", "gw-b"));
    private final Membership ofB = new Membership(Set.of("gw-a", "gw-b"));

    private static View view(long number, Member... members) {
        return new View(number, List.of(members));
    }

    private void together() {
        ofA.viewed(view(1, A, B));
        ofB.viewed(view(1, A, B));
    }

    @Test
    void aFirstMemberWaitsForTheOtherOrForTheProofThatItIsNotRunning() {
        assertThat(ofA.viewed(view(0, A)))
                .containsExactly(new MemberJoined(A), new ViewChanged(view(0, A), false));
        assertThat(ofA.ended("gw-b"))
                .containsExactly(new MemberDead("gw-b"), new ViewChanged(view(0, A), true));
        assertThat(ofA.viewed(view(1, A, B)))
                .containsExactly(new MemberJoined(B), new ViewChanged(view(1, A, B), true));
    }

    @Test
    void ofTwoThatLoseSightOfEachOtherOneGoesOn() {
        together();
        assertThat(ofA.viewed(view(2, A)))
                .containsExactly(new MemberLost(B, false), new ViewChanged(view(2, A), true));
        assertThat(ofB.viewed(view(2, B)))
                .containsExactly(new MemberLost(A, false), new ViewChanged(view(2, B), false));
    }

    @Test
    void theOtherGoesOnOnceTheFirstIsProvenDead() {
        together();
        ofB.viewed(view(2, B));
        assertThat(ofB.isPrimary()).isFalse();
        ofB.ended("gw-a");
        assertThat(ofB.isPrimary()).isTrue();
        assertThat(ofB.isDead("gw-a")).isTrue();
    }

    @Test
    void whoSaysThatItLeavesIsNotLost() {
        together();
        ofB.leaves("a1");
        assertThat(ofB.viewed(view(2, B)))
                .containsExactly(new MemberLeft(A), new ViewChanged(view(2, B), true));
    }

    @Test
    void aMemberThatIsBackUnderAnotherIncarnationHasDiedInBetween() {
        together();
        assertThat(ofA.viewed(view(2, A, B_AGAIN)))
                .containsExactly(
                        new MemberLost(B, true),
                        new MemberJoined(B_AGAIN),
                        new ViewChanged(view(2, A, B_AGAIN), true));
    }

    @Test
    void whoIsInTheViewIsNotDeadWhateverSomebodySays() {
        together();
        assertThat(ofA.ended("gw-b")).isEmpty();
        assertThat(ofA.isDead("gw-b")).isFalse();
    }

    @Test
    void aMemberThatRestartsWhileTheOtherIsOutOfSightDoesNotGoOn() {
        // gw-b was the only one left and has gone on; gw-a, whose name breaks ties, starts again
        // and cannot reach it.
        together();
        ofB.viewed(view(2, B));
        ofB.ended("gw-a");
        Membership again = new Membership(ofA.voters());
        again.viewed(view(0, new Member("gw-a", "east", 1, "a2")));
        assertThat(again.isPrimary()).isFalse();
        assertThat(ofB.isPrimary()).isTrue();
    }
}
