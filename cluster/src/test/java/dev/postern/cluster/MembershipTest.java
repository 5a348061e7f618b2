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

    private static final Set<String> NODES = Set.of("gw-a", "gw-b");
    private static final Set<String> FOUR = Set.of("gw-a", "gw-b", "gw-c", "gw-d");

    private final Membership ofA =
            new Membership(NODES, Electorate.atStart(0, Set.of("gw-a", "gw-b")));
    private final Membership ofB =
            new Membership(NODES, Electorate.atStart(0, Set.of("gw-a", "gw-b")));

    private static View view(long number, Member... members) {
        return new View(number, List.of(members));
    }

    private void together() {
        ofA.viewed(view(1, A, B));
        ofB.viewed(view(1, A, B));
        exchange(ofA, "a1", ofB, "b1");
    }

    private static void exchange(Membership one, String ofOne, Membership other, String ofOther) {
        Announcement fromOne = one.announcement(ofOne);
        Announcement fromOther = other.announcement(ofOther);
        while (fromOne != null || fromOther != null) {
            if (fromOther != null) {
                one.heard(fromOther);
            }
            if (fromOne != null) {
                other.heard(fromOne);
            }
            fromOne = one.news(ofOne);
            fromOther = other.news(ofOther);
        }
    }

    @Test
    void aFirstMemberWaitsForTheOtherOrForTheProofThatItIsNotRunning() {
        assertThat(ofA.viewed(view(0, A)))
                .containsExactly(new MemberJoined(A), new ViewChanged(view(0, A), false));
        assertThat(ofA.ended("gw-b"))
                .containsExactly(new MemberDead("gw-b"), new ViewChanged(view(0, A), true));
        assertThat(ofA.viewed(view(1, A, B))).containsExactly(new MemberJoined(B));
        assertThat(ofA.isPrimary()).as("before B has said what it knows").isFalse();
        ofB.viewed(view(1, A, B));
        assertThat(ofA.heard(ofB.announcement("b1"))).as("nor before B goes over to it").isEmpty();
        assertThat(ofA.isPrimary()).isFalse();
        ofB.heard(ofA.announcement("a1"));
        assertThat(ofA.heard(ofB.announcement("b1")))
                .containsExactly(new ViewChanged(view(1, A, B), true));
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
                .containsExactly(new MemberLost(B, true), new MemberJoined(B_AGAIN));
        Membership again = new Membership(NODES, Electorate.atStart(1, Set.of("gw-a", "gw-b")));
        again.viewed(view(2, A, B_AGAIN));
        exchange(ofA, "a1", again, "b2");
        assertThat(ofA.isPrimary()).isTrue();
        assertThat(again.isPrimary()).isTrue();
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
        Membership again = new Membership(NODES, Electorate.atStart(1, ofA.electorate().nodes()));
        again.viewed(view(0, new Member("gw-a", "east", 1, "a2")));
        assertThat(again.isPrimary()).isFalse();
        assertThat(ofB.isPrimary()).isTrue();
    }

    /// gw-d was cut off and has missed that the others went on without it. With gw-a, whose name
    /// breaks ties, it would be half of the voters that it knows; gw-b and gw-c are the majority of
    /// those that there are.
    @Test
    void aMemberThatWasCutOffLearnsWhoWentOnBeforeItDecides() {
        Member c = new Member("gw-c", "east", 3, "c1");
        Member d = new Member("gw-d", "east", 4, "d1");
        Electorate four = Electorate.of(1, List.of(A, B, c, d));
        Electorate three = Electorate.of(2, List.of(A, B, c));
        Membership ofAWithOthers = new Membership(FOUR, three);
        Membership ofD = new Membership(FOUR, four);
        ofAWithOthers.viewed(view(5, A, d));
        ofD.viewed(view(5, A, d));
        assertThat(ofD.isPrimary()).as("before it has heard").isFalse();
        exchange(ofAWithOthers, "a1", ofD, "d1");
        assertThat(ofD.isPrimary()).isFalse();
        assertThat(ofAWithOthers.isPrimary()).isFalse();
        Membership ofBWithC = new Membership(FOUR, three);
        Membership ofC = new Membership(FOUR, three);
        ofBWithC.viewed(view(5, B, c));
        ofC.viewed(view(5, B, c));
        exchange(ofBWithC, "b1", ofC, "c1");
        assertThat(ofBWithC.isPrimary()).isTrue();
        assertThat(ofC.isPrimary()).isTrue();
    }

    /// Not that it is primary is news in each view: whoever waits for the decision hears it.
    @Test
    void aViewIsDecidedOnceAlsoWhereNothingChangesByThat() {
        Electorate four = Electorate.atStart(0, FOUR);
        Membership half = new Membership(FOUR, four);
        Membership otherHalf = new Membership(FOUR, four);
        half.viewed(view(1, A, B));
        otherHalf.viewed(view(1, A, B));
        Announcement said = otherHalf.announcement("b1");
        assertThat(half.heard(said)).containsExactly(new ViewChanged(view(1, A, B), false));
        assertThat(half.heard(said)).isEmpty();
    }

    @Test
    void whatIsSaidOfAnotherViewIsNotHeard() {
        together();
        ofA.viewed(view(2, A));
        assertThat(ofA.heard(ofB.announcement("b1"))).isEmpty();
        ofA.viewed(view(3, A, B));
        assertThat(ofA.heard(ofB.announcement("b1"))).isEmpty();
        assertThat(ofA.isPrimary()).as("B has said nothing about this view").isFalse();
    }

    /// B hangs so long that A loses it and so briefly that B misses nobody: the view that has both
    /// again is one of the same members to B.
    @Test
    void whoWasLostWithoutLosingAnybodySaysByWhichVotersItGoes() {
        together();
        ofA.viewed(view(2, A));
        ofA.viewed(view(3, A, B));
        assertThat(ofA.heard(ofB.announcement("b1"))).as("about the view before").isEmpty();
        assertThat(ofA.isPrimary()).isFalse();
        assertThat(ofB.isNews(view(1, A, B))).isFalse();
        assertThat(ofB.isNews(view(3, A, B))).isTrue();
        assertThat(ofB.viewed(view(3, A, B))).isEmpty();
        exchange(ofA, "a1", ofB, "b1");
        assertThat(ofA.isPrimary()).isTrue();
        assertThat(ofB.isPrimary()).isTrue();
        assertThat(ofB.electorate()).isEqualTo(ofA.electorate());
    }

    @Test
    void anAnnouncementIsReadAsItWasWritten() {
        together();
        Announcement said = ofA.announcement("a1");
        assertThat(Announcement.decode(said.encode())).isEqualTo(said);
        List<Electorate> attempts =
                List.of(Electorate.of(3, List.of(A, B)), Electorate.of(4, List.of(B_AGAIN)));
        Announcement more = new Announcement("3 a1 b1", "a1", said.electorate(), attempts, 5);
        assertThat(Announcement.decode(more.encode())).isEqualTo(more);
        Announcement earlier =
                new Announcement(
                        "3 a1 b1", "a1", said.electorate(), List.of(), Announcement.UNTOLD);
        assertThat(Announcement.decode(earlier.encode())).isEqualTo(earlier);
        assertThat(Announcement.decode(new byte[] {0})).isNull();
    }

    /// gw-b and gw-c have gone on without gw-a, then gw-c has died: its death does not make gw-a
    /// the half with the lowest name of what is left.
    @Test
    void theDeathOfOneThatMayHaveVotedElsewhereMakesNoMajority() {
        Member c = new Member("gw-c", "east", 3, "c1");
        Set<String> nodes = Set.of("gw-a", "gw-b", "gw-c");
        Electorate three = Electorate.of(1, List.of(A, B, c));
        Membership left = new Membership(nodes, three);
        left.viewed(view(2, A));
        assertThat(left.ended("gw-c")).containsExactly(new MemberDead("gw-c"));
        assertThat(left.isPrimary()).isFalse();
        left.ended("gw-b");
        assertThat(left.isPrimary()).as("nobody else is left").isTrue();
    }

    @Test
    void allOthersHaveToBeDownAtOnce() {
        Set<String> nodes = Set.of("gw-a", "gw-b", "gw-c");
        Membership started = new Membership(nodes, Electorate.atStart(0, nodes));
        started.viewed(view(1, A));
        started.ended("gw-b");
        started.doubted("gw-b");
        started.ended("gw-c");
        assertThat(started.isPrimary()).as("gw-b may be up again").isFalse();
        started.ended("gw-b");
        assertThat(started.isPrimary()).isTrue();
    }

    @Test
    void whoIsFencedStaysDownUntilItIsSeen() {
        Set<String> nodes = Set.of("gw-a", "gw-b");
        Membership started = new Membership(nodes, Electorate.atStart(0, nodes));
        started.viewed(view(1, A));
        started.fenced("gw-b");
        started.doubted("gw-b");
        assertThat(started.isDead("gw-b")).isTrue();
        assertThat(started.isPrimary()).isTrue();
    }

    /// Others may have seen it since, which we did not see.
    @Test
    void whoWasFoundDownIsLookedAfterAgainWithEachView() {
        Set<String> nodes = Set.of("gw-a", "gw-b", "gw-c");
        Membership left = new Membership(nodes, Electorate.atStart(0, nodes));
        left.viewed(view(1, A, B));
        left.ended("gw-c");
        left.viewed(view(2, A));
        left.ended("gw-b");
        assertThat(left.isPrimary()).as("gw-c may be up again").isFalse();
        assertThat(left.isDead("gw-c")).isTrue();
        assertThat(left.ended("gw-c")).containsExactly(new ViewChanged(view(2, A), true));
    }

    @Test
    void whoWasFoundDownIsLookedAfterAgainWhereOthersHaveSeenIt() {
        Set<String> nodes = Set.of("gw-a", "gw-b", "gw-c");
        Member c = new Member("gw-c", "east", 3, "c1");
        Membership one = new Membership(nodes, Electorate.of(1, List.of(A)));
        Membership other = new Membership(nodes, Electorate.of(2, List.of(B, c)));
        one.viewed(view(5, A, B_AGAIN));
        other.viewed(view(5, A, B_AGAIN));
        one.ended("gw-c");
        exchange(one, "a1", other, "b2");
        assertThat(one.isPrimary()).as("gw-c may be up again").isFalse();
        one.ended("gw-c");
        exchange(one, "a1", other, "b2");
        assertThat(one.isPrimary()).isTrue();
        assertThat(other.isPrimary()).as("the other goes by what the one knows").isTrue();
    }

    /// A version before attempts were told of decides by the first word alone.
    @Test
    void aMemberOfAnEarlierVersionIsNotWaitedFor() {
        ofA.viewed(view(1, A, B));
        ofB.viewed(view(1, A, B));
        Announcement said = ofB.announcement("b1");
        ofA.heard(
                new Announcement(
                        said.view(),
                        said.incarnation(),
                        said.electorate(),
                        List.of(),
                        Announcement.UNTOLD));
        assertThat(ofA.isPrimary()).isTrue();
    }
}
