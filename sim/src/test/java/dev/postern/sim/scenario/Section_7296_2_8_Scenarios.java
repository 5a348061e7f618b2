package dev.postern.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Event;
import dev.postern.ike.LifePolicy;
import dev.postern.sim.Fault;
import dev.postern.sim.Lifetimes;
import dev.postern.sim.Scenario;
import dev.postern.sim.Scenario.Move;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/// RFC 7296 section 2.8: rekeying by either side, and by both at once.
class Section_7296_2_8_Scenarios {
    private static Scenario connected() {
        return Scenario.given(1, 1).connected().after(Duration.ofSeconds(1));
    }

    private static void goesOn(Scenario story) {
        story.after(Duration.ofSeconds(20)).connected();
        assertThat(story.arrivals()).as("exchanges of a new session").isEmpty();
        assertThat(story.size("gw-a")).as("IKE SAs at the gateway").isEqualTo(1);
        assertThat(story.associations("gw-a")).as("Child SAs at the gateway").isEqualTo(1);
        assertThat(story.associations("c1")).as("Child SAs at the client").isEqualTo(1);
    }

    /// "The endpoint that initiated the rekey ... deletes the old one."
    @Test
    void theClientRekeysTheChildSa() {
        try (Scenario story = connected()) {
            story.when("c1 rekeys", s -> s.begins("c1", Move.REKEY_CHILD_SA))
                    .then(
                            """
                            c1 --> gw-a  CREATE_CHILD_SA request 0|2
                            c1 <-- gw-a  CREATE_CHILD_SA response 0|2
                            c1 --> gw-a  INFORMATIONAL request 0|3
                            c1 <-- gw-a  INFORMATIONAL response 0|3
                            """);
            goesOn(story);
        }
    }

    @Test
    void theGatewayRekeysTheChildSa() {
        try (Scenario story = connected()) {
            story.when("gw-a rekeys", s -> s.begins("gw-a", Move.REKEY_CHILD_SA))
                    .then(
                            """
                            c1 <-- gw-a  CREATE_CHILD_SA request 0|0
                            c1 --> gw-a  CREATE_CHILD_SA response 0|0
                            c1 <-- gw-a  INFORMATIONAL request 0|1
                            c1 --> gw-a  INFORMATIONAL response 0|1
                            """);
            goesOn(story);
        }
    }

    /// The new IKE SA counts its messages from 0; the Delete of the old one is the old one's last.
    @ParameterizedTest
    @ValueSource(strings = {"c1", "gw-a"})
    void eitherSideRekeysTheIkeSa(String party) {
        try (Scenario story = connected()) {
            String there = party.equals("c1") ? "-->" : "<--";
            String back = party.equals("c1") ? "<--" : "-->";
            int id = party.equals("c1") ? 2 : 0;
            story.when(party + " rekeys", s -> s.begins(party, Move.REKEY_IKE_SA))
                    .then(
                            String.join(
                                    "\n",
                                    "c1 " + there + " gw-a  CREATE_CHILD_SA request 0|" + id,
                                    "c1 " + back + " gw-a  CREATE_CHILD_SA response 0|" + id,
                                    "c1 " + there + " gw-a  INFORMATIONAL request 0|" + (id + 1)));
            goesOn(story);
        }
    }

    /// Section 2.8.1: "the SA created with the lowest of the four nonces ... SHOULD be closed".
    @Test
    void simultaneousChildSaRekeying() {
        both(Move.REKEY_CHILD_SA);
    }

    /// Section 2.8.2.
    @Test
    void simultaneousIkeSaRekeying() {
        both(Move.REKEY_IKE_SA);
    }

    /// Section 2.8.1, the "second possible sequence of events": the client's request is lost, the
    /// gateway rekeys and deletes the old one, and the client's request comes again for a Child SA
    /// "that no longer exists".
    @Test
    void aChildSaRekeyingThatOnePeerNeverNoticed() {
        try (Scenario story = connected()) {
            story.when(
                            "c1's request is lost, gw-a rekeys",
                            s -> lateForTheOther(s, Move.REKEY_CHILD_SA))
                    .then(
                            """
                            c1 --> gw-a  CREATE_CHILD_SA request 0|2
                            c1 <-- gw-a  CREATE_CHILD_SA request 0|0
                            c1 --> gw-a  CREATE_CHILD_SA response 0|0
                            c1 <-- gw-a  INFORMATIONAL request 0|1
                            c1 --> gw-a  INFORMATIONAL response 0|1
                            c1 --> gw-a  CREATE_CHILD_SA request 0|2
                            c1 <-- gw-a  CREATE_CHILD_SA response 0|2
                            """);
            goesOn(story);
        }
    }

    /// Section 2.8.2, "one peer finishes its rekey before it even notices": the other one sees the
    /// Delete of the old IKE SA and "should stop retransmitting".
    @Test
    void anIkeSaRekeyingThatOnePeerNeverNoticed() {
        try (Scenario story = connected()) {
            story.when(
                            "c1's request is lost, gw-a rekeys",
                            s -> lateForTheOther(s, Move.REKEY_IKE_SA))
                    .then(
                            """
                            c1 --> gw-a  CREATE_CHILD_SA request 0|2
                            c1 <-- gw-a  CREATE_CHILD_SA request 0|0
                            c1 --> gw-a  CREATE_CHILD_SA response 0|0
                            c1 <-- gw-a  INFORMATIONAL request 0|1
                            c1 --> gw-a  INFORMATIONAL response 0|1
                            """);
            goesOn(story);
            story.never("c1 <-- gw-a  CREATE_CHILD_SA response 0|2");
        }
    }

    /// The same where the Delete is lost as well: the gateway gets a request "to rekey the IKE SA
    /// that it has already successfully rekeyed", and is "currently trying to close" it.
    @Test
    void aRequestToRekeyAnIkeSaThatIsBeingClosed() {
        try (Scenario story = connected()) {
            story.when(
                            "c1's request is lost, then gw-a's Delete",
                            s ->
                                    lateForTheOther(s, Move.REKEY_IKE_SA)
                                            .after(Duration.ofMillis(8))
                                            .fault(new Fault.OneWayLoss(0, 1_000, 0, 0, true)))
                    .then(
                            """
                            c1 <-- gw-a  INFORMATIONAL request 0|1
                            c1 --> gw-a  CREATE_CHILD_SA request 0|2
                            c1 <-- gw-a  CREATE_CHILD_SA response 0|2
                            c1 --> gw-a  INFORMATIONAL response 0|1
                            """);
            goesOn(story);
        }
    }

    /// Section 2.8.3: "creating a new IKE SA from scratch ... creating new Child SAs within the new
    /// IKE SA ... and finally deleting the old IKE SA (which deletes the old Child SAs as well)".
    /// Packets flow under the new ones before the old ones go.
    @Test
    void reauthenticationIsANewIkeSaBesideTheOldOne() {
        Lifetimes aMinute =
                new Lifetimes(LifePolicy.UNLIMITED.withReauthentication(60), LifePolicy.UNLIMITED);
        try (Scenario story = Scenario.givenLifetimes(1, 1, aMinute).withFurtherChildSa()) {
            story.connected()
                    .after(Duration.ofSeconds(40))
                    .when("the authentication is nearly a minute old", s -> s)
                    .then(
                            """
                            c1 --> gw-a  IKE_SA_INIT request 0|0
                            c1 <-- gw-a  IKE_SA_INIT response 0|0
                            c1 --> gw-a  IKE_AUTH request 0|1
                            c1 <-- gw-a  IKE_AUTH response 0|1
                            c1 --> gw-a  CREATE_CHILD_SA request 0|2
                            c1 --> gw-a  ESP
                            c1 <-- gw-a  ESP
                            """)
                    .after(Duration.ofMillis(100));
            assertThat(story.size("gw-a")).as("both IKE SAs").isEqualTo(2);
            assertThat(story.associations("gw-a")).as("two Child SAs of each").isEqualTo(4);
            assertThat(story.lost()).as("IKE SAs lost before").isZero();
            story.then("c1 --> gw-a  INFORMATIONAL request 0|3")
                    .after(Duration.ofSeconds(5))
                    .connected();
            assertThat(story.arrivals()).containsExactly(Event.Origin.FULL_EXCHANGE);
            assertThat(story.lost()).as("the old IKE SA").isEqualTo(1);
            assertThat(story.size("gw-a")).as("IKE SAs at the gateway").isEqualTo(1);
            assertThat(story.associations("gw-a")).as("Child SAs at the gateway").isEqualTo(2);
            assertThat(story.associations("c1")).as("Child SAs at the client").isEqualTo(2);
        }
    }

    private static Scenario lateForTheOther(Scenario story, Move move) {
        return story.fault(new Fault.OneWayLoss(0, 50, 0, 0, false))
                .begins("c1", move)
                .after(Duration.ofMillis(60))
                .begins("gw-a", move);
    }

    private static void both(Move move) {
        try (Scenario story = connected()) {
            story.when("both rekey", s -> s.begins("c1", move).begins("gw-a", move))
                    .then(
                            """
                            c1 --> gw-a  CREATE_CHILD_SA request 0|2
                            c1 <-- gw-a  CREATE_CHILD_SA request 0|0
                            """);
            goesOn(story);
        }
    }
}
