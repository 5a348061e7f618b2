package dev.postern.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.ike.StandbyPolicy;
import dev.postern.sim.Fault;
import dev.postern.sim.Scenario;
import dev.postern.sim.Setting;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/// RFC 6311 section 5: what the newly active member does, in each of its four cases, and what the
/// peer never takes.
class Section_6311_5_Scenarios {
    private static final String SYNC =
            """
            c1 <-- gw-a  INFORMATIONAL request 0|0
            c1 --> gw-a  INFORMATIONAL response 0|0
            """;
    private static final String REQUEST = "c1 <-- gw-a  INFORMATIONAL request 0|0";
    private static final String ANSWER = "c1 --> gw-a  INFORMATIONAL response 0|0";

    /// What a member of a domain of draft-dondeti adds.
    private static final String OF_DOMAIN = " N(FAILOVER_COUNT)";

    /// What the member before may have sent comes out of a leap too.
    private static final String REKEYING = "c1 <-- gw-a  CREATE_CHILD_SA request 0|256\n";

    /// A gateway with a hot standby, one client by ticket, and what it speaks of RFC 6311.
    private static Scenario hotStandby(boolean messageIds, boolean replayCounters) {
        return Scenario.given(
                Setting.of(1, 1)
                        .speaking(StandbyPolicy.DEFAULT.speaking(messageIds, replayCounters)));
    }

    private static Scenario takenOver(boolean messageIds, boolean replayCounters) {
        return hotStandby(messageIds, replayCounters)
                .connected()
                .after(Duration.ofSeconds(2))
                .when(
                        "another member takes gw-a over",
                        s -> s.fault(new Fault.HotTakeover(0, 100, 0, false)));
    }

    private static void goesOn(Scenario story) {
        story.after(Duration.ofSeconds(4)).connected();
        assertThat(story.lost()).as("IKE SAs lost").isZero();
        assertThat(story.arrivals()).as("exchanges of a new session").isEmpty();
    }

    /// "Message ID zero and the sole notification IKEV2_MESSAGE_ID_SYNC" of this RFC (the other is
    /// draft-dondeti's). Nobody's replay counters leap: only new Child SAs go on.
    @Test
    void case1_messageIdsAlone() {
        try (Scenario story = takenOver(true, false)) {
            story.then(SYNC + REKEYING);
            assertThat(story.said(REQUEST)).isEqualTo("N(IKEV2_MESSAGE_ID_SYNC)" + OF_DOMAIN);
            assertThat(story.said(ANSWER)).isEqualTo("N(IKEV2_MESSAGE_ID_SYNC)");
            assertThat(story.count("gw-a", Counter.SYNCHRONIZED)).isEqualTo(1);
            assertThat(story.leaps("c1")).isZero();
            goesOn(story);
        }
    }

    /// "It generates a regular IKEv2 Informational exchange using the current Message ID values",
    /// which the member has used for a rekeying and the ticket that follows it.
    @Test
    void case2_replayCountersAlone() {
        try (Scenario story = hotStandby(false, true).connected()) {
            story.when("gw-a rekeys", s -> s.begins("gw-a", Scenario.Move.REKEY_CHILD_SA))
                    .then("c1 --> gw-a  INFORMATIONAL response 0|2")
                    .after(Duration.ofSeconds(2))
                    .when(
                            "another member takes gw-a over",
                            s -> s.fault(new Fault.HotTakeover(0, 100, 0, false)))
                    .then(
                            """
                            c1 <-- gw-a  INFORMATIONAL request 0|3
                            c1 --> gw-a  INFORMATIONAL response 0|3
                            c1 <-- gw-a  CREATE_CHILD_SA request 0|4
                            """)
                    .never(REQUEST);
            assertThat(story.said("c1 <-- gw-a  INFORMATIONAL request 0|3"))
                    .isEqualTo("N(IPSEC_REPLAY_COUNTER_SYNC)" + OF_DOMAIN);
            assertThat(story.said("c1 --> gw-a  INFORMATIONAL response 0|3")).isEmpty();
            assertThat(story.count("gw-a", Counter.SYNCHRONIZED)).isEqualTo(1);
            assertThat(story.leaps("c1")).isPositive();
            goesOn(story);
        }
    }

    /// "A zero-Message ID message as in case #1, and includes both notifications".
    @Test
    void case3_both() {
        try (Scenario story = takenOver(true, true)) {
            story.then(SYNC + REKEYING);
            assertThat(story.said(REQUEST))
                    .isEqualTo("N(IKEV2_MESSAGE_ID_SYNC) N(IPSEC_REPLAY_COUNTER_SYNC)" + OF_DOMAIN);
            assertThat(story.said(ANSWER)).isEqualTo("N(IKEV2_MESSAGE_ID_SYNC)");
            assertThat(story.count("gw-a", Counter.SYNCHRONIZED)).isEqualTo(1);
            assertThat(story.leaps("c1")).isPositive();
            goesOn(story);
        }
    }

    /// "The peer may not support this extension ... the IKE and IPsec SAs may or may not survive":
    /// nothing is said of it, and whoever has to set up a session anew is connected again.
    @Test
    void case4_aPeerWithoutTheExtension() {
        try (Scenario story = takenOver(false, false)) {
            story.after(Duration.ofSeconds(10)).never(REQUEST).connected();
            assertThat(story.count("gw-a", Counter.SYNCHRONIZED)).isZero();
        }
    }

    /// Section 5.1: "The peer MUST silently drop any received synchronization message if M1 is
    /// lower than or equal to the highest value it has seen"; the very octets again are a
    /// retransmission and get the answer that they had. Neither changes anything.
    @Test
    void aSynchronizationThatIsRepeatedChangesNothing() {
        try (Scenario story = takenOver(true, true)) {
            story.then(SYNC).after(Duration.ofSeconds(2));
            story.when("the request comes again", s -> s.replay(REQUEST, o -> o));
            goesOn(story);
            assertThat(story.count("gw-a", Counter.SYNCHRONIZED)).isEqualTo(1);
        }
    }

    /// Section 5.1: values are chosen "so that if a second failover event takes place, the
    /// synchronization message is not replayed".
    @Test
    void aSecondFailoverInRapidSuccession() {
        try (Scenario story = takenOver(true, true)) {
            story.after(Duration.ofMillis(160))
                    .when(
                            "the first member is back in its place",
                            s -> s.fault(new Fault.HotTakeover(0, 100, 0, true)))
                    .then(SYNC);
            goesOn(story);
        }
    }

    /// What the standby does not know of is found by the packets that nobody can open (RFC 7296
    /// section 1.5), and made again under the same IKE SA.
    @Test
    void aChildSaThatIsNotInTheRecordIsMadeAgain() {
        try (Scenario story = hotStandby(true, true).connected()) {
            story.after(Duration.ofSeconds(2))
                    .fault(new Fault.LateRecords(0, 100_000, 90_000))
                    .after(Duration.ofSeconds(1))
                    .when("c1 rekeys", s -> s.begins("c1", Scenario.Move.REKEY_CHILD_SA))
                    .after(Duration.ofSeconds(1))
                    .when(
                            "another member takes gw-a over",
                            s -> s.fault(new Fault.HotTakeover(0, 100, 0, false)));
            goesOn(story);
            assertThat(story.count("c1", Counter.INVALID_SPI_HEARD)).isEqualTo(1);
        }
    }
}
