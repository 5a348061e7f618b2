package dev.postern.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cluster.Ownership.Held;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.StandbyRole.Action;
import dev.postern.cluster.StandbyRole.Step;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;

/// When a member behind shared addresses serves, and when it must not.
class StandbyRoleTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Member A = new Member("gw-a", "east", 1, "a1");
    private static final Member B = new Member("gw-b", "east", 2, "b1");
    private static final View BOTH = new View(1, List.of(A, B));
    private static final View A_ALONE = new View(2, List.of(A));
    private static final View B_ALONE = new View(2, List.of(B));

    private long now = 100 * SECOND;

    private static StandbyRole role(String node, String preferred) {
        return new StandbyRole(new StandbyRole.Settings(node, preferred, 30 * SECOND, 4 * SECOND));
    }

    private List<Action> look(StandbyRole role, View view, boolean primary, @Nullable Held held) {
        now += SECOND / 5;
        return role.handle(now, new Step.Look(view, primary, held));
    }

    private List<Action> judged(StandbyRole role, Outcome outcome) {
        return role.handle(now, new Step.Judged(outcome));
    }

    private StandbyRole serving(String node, String preferred, int epoch) {
        StandbyRole role = role(node, preferred);
        View alone = node.equals("gw-a") ? A_ALONE : B_ALONE;
        assertThat(look(role, alone, true, null)).containsExactly(new Action.Acquire());
        assertThat(judged(role, new Outcome.Owned(epoch)))
                .containsExactly(new Action.Serve(epoch, true));
        assertThat(role.epoch()).isEqualTo(epoch);
        return role;
    }

    @Test
    void whileAnotherMemberServesAStandbyDoesNothing() {
        StandbyRole role = role("gw-b", "");
        for (int i = 0; i < 100; i++) {
            assertThat(look(role, BOTH, true, new Held("gw-a", 1))).isEmpty();
        }
        assertThat(role.epoch()).isZero();
    }

    @Test
    void aLostMembersAddressesAreAskedForOnceAtATime() {
        StandbyRole role = role("gw-b", "");
        assertThat(look(role, B_ALONE, true, new Held("gw-a", 1)))
                .containsExactly(new Action.Acquire());
        assertThat(look(role, B_ALONE, true, new Held("gw-a", 1))).isEmpty();
        assertThat(judged(role, new Outcome.Refused(new Held("gw-c", 2)))).isEmpty();
        assertThat(role.epoch()).isZero();
    }

    @Test
    void theSideThatIsNotPrimaryNeverAsks() {
        StandbyRole role = role("gw-b", "");
        assertThat(look(role, B_ALONE, false, new Held("gw-a", 1))).isEmpty();
        assertThat(look(role, B_ALONE, false, null)).isEmpty();
    }

    @Test
    void whatIsOwnedWhenThisSideIsNoLongerPrimaryIsNotServed() {
        StandbyRole role = role("gw-b", "");
        look(role, B_ALONE, true, new Held("gw-a", 1));
        look(role, B_ALONE, false, new Held("gw-b", 2));
        assertThat(judged(role, new Outcome.Owned(2))).isEmpty();
        assertThat(role.epoch()).isZero();
        assertThat(look(role, BOTH, true, new Held("gw-b", 2)))
                .as("the next primary view asks anew, for a higher epoch")
                .containsExactly(new Action.Acquire());
    }

    @Test
    void theActiveMemberStandsDownOnTheSideThatIsNotPrimary() {
        StandbyRole role = serving("gw-a", "", 1);
        assertThat(look(role, A_ALONE, false, null))
                .containsExactly(
                        new Action.StandDown("this side of the cluster is not the primary one"));
        assertThat(role.epoch()).isZero();
    }

    @Test
    void aMemberWhoseEpochIsGoneStandsDownAndDiscardsWhatItHasWritten() {
        StandbyRole role = serving("gw-a", "", 1);
        assertThat(look(role, BOTH, true, new Held("gw-b", 2)))
                .containsExactly(new Action.StandDown("epoch 1 is over: gw-b serves under 2"));
        assertThat(look(role, BOTH, true, new Held("gw-b", 2)))
                .containsExactly(new Action.Discard());
        assertThat(look(role, BOTH, true, new Held("gw-b", 2))).isEmpty();
    }

    /// What its own side knows of the owner may be older than what the member has written.
    @Test
    void onTheSideThatIsNotPrimaryNothingIsDiscarded() {
        StandbyRole role = serving("gw-a", "", 1);
        assertThat(look(role, A_ALONE, false, new Held("gw-b", 2)))
                .containsExactly(
                        new Action.StandDown("this side of the cluster is not the primary one"));
        assertThat(look(role, A_ALONE, false, new Held("gw-b", 2))).isEmpty();
        assertThat(look(role, BOTH, true, new Held("gw-b", 2)))
                .containsExactly(new Action.Discard());
    }

    @Test
    void anEpochOfOurOwnNodeThatIsNotOursIsNobodysToServe() {
        StandbyRole role = serving("gw-a", "", 1);
        assertThat(look(role, BOTH, true, new Held("gw-a", 3)))
                .containsExactly(new Action.StandDown("epoch 1 is over: gw-a serves under 3"));
    }

    @Test
    void aMemberThatSleptLongerThanTheOthersWaitServesOnlyUnderANewEpoch() {
        StandbyRole role = serving("gw-a", "", 1);
        now += 5 * SECOND;
        assertThat(look(role, BOTH, true, new Held("gw-a", 1)))
                .containsExactly(new Action.StandDown("it was out for 5200 ms"));
        assertThat(look(role, BOTH, true, new Held("gw-a", 1)))
                .containsExactly(new Action.Acquire());
        assertThat(judged(role, new Outcome.Owned(2)))
                .as("and somebody may have served meanwhile")
                .containsExactly(new Action.Serve(2, true));
    }

    private static final Held A_SERVES = new Held("gw-a", 1);

    private Action afterTheEndOfA(StandbyRole role) {
        assertThat(look(role, B_ALONE, true, A_SERVES)).containsExactly(new Action.Acquire());
        return judged(role, new Outcome.Owned(2)).getFirst();
    }

    private void looksAt(StandbyRole role, View view, boolean primary, long nanos) {
        for (long until = now + nanos; now < until; ) {
            assertThat(look(role, view, primary, A_SERVES)).isEmpty();
        }
    }

    @Test
    void aStandbyThatHasSeenWhoServedKnowsOfEveryTakeover() {
        StandbyRole role = role("gw-b", "");
        looksAt(role, BOTH, true, SECOND);
        assertThat(afterTheEndOfA(role)).isEqualTo(new Action.Serve(2, false));
    }

    /// Two members: until the machine of the lost one refuses its port, this side is not primary.
    @Test
    void whoIsOnNoPrimarySideForAMomentHasMissedNothing() {
        StandbyRole role = role("gw-b", "");
        looksAt(role, BOTH, true, SECOND);
        looksAt(role, B_ALONE, false, 3 * SECOND / 5);
        assertThat(afterTheEndOfA(role)).isEqualTo(new Action.Serve(2, false));
    }

    /// The lost member may have served alone, or another one after it.
    @Test
    void whoWasAwayFromThePrimarySideMayHaveMissedATakeover() {
        StandbyRole role = role("gw-b", "");
        looksAt(role, BOTH, true, SECOND);
        looksAt(role, B_ALONE, false, 2 * SECOND);
        assertThat(afterTheEndOfA(role)).isEqualTo(new Action.Serve(2, true));
    }

    /// The other side has lost the member that served, and carries on at once: under the epoch that
    /// this one is given next, where the other ends before the two have met.
    @Test
    void whoServedAndWasOnNoPrimarySideForAMomentMayHaveMissedATakeover() {
        StandbyRole role = role("gw-b", "");
        looksAt(role, BOTH, true, SECOND);
        assertThat(afterTheEndOfA(role)).isEqualTo(new Action.Serve(2, false));
        Held own = new Held("gw-b", 2);
        assertThat(look(role, B_ALONE, false, own))
                .containsExactly(
                        new Action.StandDown("this side of the cluster is not the primary one"));
        assertThat(look(role, B_ALONE, true, own)).containsExactly(new Action.Acquire());
        assertThat(judged(role, new Outcome.Owned(3))).containsExactly(new Action.Serve(3, true));
    }

    @Test
    void aMemberThatWasHaltedMayHaveMissedATakeover() {
        StandbyRole role = role("gw-b", "");
        looksAt(role, BOTH, true, SECOND);
        now += 2 * SECOND;
        assertThat(afterTheEndOfA(role)).isEqualTo(new Action.Serve(2, true));
    }

    @Test
    void whoIsBackKnowsOfEveryTakeoverOnceItHasSeenThatTheOwnerServes() {
        StandbyRole role = role("gw-b", "");
        looksAt(role, BOTH, true, SECOND);
        looksAt(role, B_ALONE, false, 2 * SECOND);
        looksAt(role, BOTH, true, 11 * SECOND);
        assertThat(afterTheEndOfA(role)).isEqualTo(new Action.Serve(2, false));
    }

    /// The owner may itself have been away, and stood down.
    @Test
    void anOwnerThatIsThereForAMomentIsNoProofThatItServes() {
        StandbyRole role = role("gw-b", "");
        looksAt(role, BOTH, true, 30 * SECOND);
        looksAt(role, B_ALONE, false, 2 * SECOND);
        looksAt(role, BOTH, true, 5 * SECOND);
        assertThat(afterTheEndOfA(role)).isEqualTo(new Action.Serve(2, true));
    }

    @Test
    void whoServesKnowsWhereItHasCarriedOn() {
        StandbyRole role = serving("gw-b", "gw-a", 1);
        List<Action> actions = List.of();
        while (actions.isEmpty()) {
            actions = look(role, BOTH, true, new Held("gw-b", 1));
        }
        assertThat(actions).contains(new Action.Release());
        assertThat(look(role, B_ALONE, true, null)).containsExactly(new Action.Acquire());
        assertThat(judged(role, new Outcome.Owned(2))).containsExactly(new Action.Serve(2, false));
    }

    @Test
    void anUnknownOwnerIsNoReasonToEnd() {
        StandbyRole role = serving("gw-a", "", 1);
        assertThat(look(role, BOTH, true, null)).isEmpty();
        assertThat(role.epoch()).isEqualTo(1);
    }

    @Test
    void theOthersWaitAMomentForThePreferredMemberAndNoLonger() {
        StandbyRole role = role("gw-b", "gw-a");
        long begin = now;
        List<Action> actions = List.of();
        while (actions.isEmpty()) {
            actions = look(role, BOTH, true, null);
        }
        assertThat(actions).containsExactly(new Action.Acquire());
        assertThat(now - begin).isBetween(3 * SECOND, 4 * SECOND);
        assertThat(look(role("gw-a", "gw-a"), BOTH, true, null))
                .containsExactly(new Action.Acquire());
        assertThat(look(role("gw-b", "gw-a"), B_ALONE, true, null))
                .containsExactly(new Action.Acquire());
    }

    @Test
    void thePreferredMemberGetsTheAddressesBackWhenItHasStayed() {
        StandbyRole role = serving("gw-b", "gw-a", 2);
        long begin = now;
        List<Action> actions = List.of();
        while (actions.isEmpty()) {
            actions = look(role, BOTH, true, new Held("gw-b", 2));
        }
        assertThat(actions)
                .containsExactly(
                        new Action.StandDown("gw-a is preferred and is back"),
                        new Action.Release());
        assertThat(now - begin).isBetween(30 * SECOND, 31 * SECOND);
        assertThat(look(role, BOTH, true, null)).as("its turn").isEmpty();
    }

    @Test
    void aPreferredMemberThatComesAndGoesGetsNothing() {
        StandbyRole role = serving("gw-b", "gw-a", 2);
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 100; j++) {
                assertThat(look(role, BOTH, true, new Held("gw-b", 2))).isEmpty();
            }
            assertThat(look(role, B_ALONE, true, new Held("gw-b", 2))).isEmpty();
        }
    }

    @Test
    void whoCannotServeLetsTheOthersTry() {
        StandbyRole role = serving("gw-a", "", 1);
        assertThat(role.handle(now, new Step.Failed())).containsExactly(new Action.Release());
        long begin = now;
        List<Action> actions = List.of();
        while (actions.isEmpty()) {
            actions = look(role, A_ALONE, true, null);
        }
        assertThat(actions).containsExactly(new Action.Acquire());
        assertThat(now - begin).isGreaterThanOrEqualTo(10 * SECOND);
    }

    @Test
    void whoEndsHandsOver() {
        StandbyRole role = serving("gw-a", "", 1);
        assertThat(role.handle(now, new Step.End()))
                .containsExactly(new Action.StandDown("this gateway ends"), new Action.Release());
        assertThat(look(role, A_ALONE, true, null)).isEmpty();
        StandbyRole asking = role("gw-a", "");
        look(asking, A_ALONE, true, null);
        assertThat(asking.handle(now, new Step.End())).isEmpty();
        assertThat(judged(asking, new Outcome.Owned(1))).containsExactly(new Action.Release());
    }

    @Test
    void anEpochThatDoesNotFitIntoAnIvIsNotServed() {
        StandbyRole role = role("gw-a", "");
        look(role, A_ALONE, true, null);
        assertThat(judged(role, new Outcome.Owned(0x10000)))
                .containsExactly(new Action.Exhausted(0x10000), new Action.Release());
        assertThat(role.epoch()).isZero();
    }
}
