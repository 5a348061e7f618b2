package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs beyond the seeds of the swarms in which a claim did not hold once.
class SeedsThatFailedTest {
    /// A second takeover within moments, by a member that has the record of the first and not its
    /// counters.
    @ParameterizedTest
    @ValueSource(longs = {1_051_523, 1_054_883, 1_059_775, 1_081_889, 1_089_924})
    void aSecondTakeoverIsSynchronizedToo(long seed) {
        holds(seed);
    }

    /// A takeover after one that went by an old record: the client has leapt further than that one
    /// has told.
    @ParameterizedTest
    @ValueSource(longs = {1_003_307, 1_004_527, 1_006_916, 1_007_141})
    void nothingIsDeliveredTwiceAfterALeapOverAMemberThatTheRecordDoesNotKnow(long seed) {
        holds(seed);
    }

    /// Of two members the one that serves stands down in a split, and goes on within a second, when
    /// the other, which has carried on under the same epoch, has ended.
    @ParameterizedTest
    @ValueSource(longs = 4_703_068)
    void whoServedBeforeAShortSplitOpensNothingThatTheOtherMayHaveDelivered(long seed) {
        holds(seed);
    }

    /// A rekeying of the IKE SA that comes late to a member which has asked for a synchronization.
    @ParameterizedTest
    @ValueSource(longs = {31_873, 1_008_894})
    void whoGivesARekeyingUpIsNotLeftBehind(long seed) {
        holds(seed);
    }

    /// A client that is stopped, and redirected while its Delete waits; one whose switch counts are
    /// used up.
    @ParameterizedTest
    @ValueSource(longs = {3_003_144, 3_003_905, 3_003_998})
    void whoBeginsAnewHasNoTicket(long seed) {
        holds(seed);
    }

    /// A split while the members of a new view tell each other that it goes on.
    @ParameterizedTest
    @ValueSource(
            longs = {2_004_549, 3_003_701, 3_053_541, 4_000_521, 4_000_554, 4_085_705, 7_008_037})
    void oneSideOfASplitGoesOn(long seed) {
        holds(seed);
    }

    /// An owner's view has a member in it yet that has just ended, and remembers nothing.
    @ParameterizedTest
    @ValueSource(longs = 4_003_197)
    void whoHasEndedRemembersNothing(long seed) {
        holds(seed);
    }

    /// What a member said in a split that was over before anybody had noticed it.
    @ParameterizedTest
    @ValueSource(longs = {32_563, 5_005_324})
    void whatIsRevokedInAShortSplitIsRevokedEverywhere(long seed) {
        holds(seed);
    }

    /// Somebody else's address is of the family that is in use.
    @ParameterizedTest
    @ValueSource(longs = {31_410, 33_693})
    void aClientPretendsToBeAnotherOverIpv6(long seed) {
        holds(seed);
    }

    /// A gateway that begins anew behind a split, and does not reach what others keep of its IKE
    /// SAs.
    @ParameterizedTest
    @ValueSource(longs = {3_701_124, 3_705_032})
    void nobodyCarriesOnWithALifeThatTheGatewayHasPutBehindItself(long seed) {
        holds(seed);
    }

    /// A record that ended while its client tried in vain, and was written anew with count 0.
    @ParameterizedTest
    @ValueSource(longs = {701_550, 704_786})
    void whoHasARecordWrittenAnewCountsOn(long seed) {
        holds(seed);
    }

    /// Child SAs of a session that is held ready, told when it serves.
    @ParameterizedTest
    @ValueSource(longs = 703_220)
    void aGatewayMaySealForASessionThatWasHeldReady(long seed) {
        holds(seed);
    }

    private static void holds(long seed) {
        Outcome outcome = Simulation.run(seed);
        assertThat(outcome.violation()).as(outcome.describe()).isNull();
    }
}
