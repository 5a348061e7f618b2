package dev.postern.sim.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Counter;
import dev.postern.sim.Fault;
import dev.postern.sim.Scenario;
import dev.postern.sim.Scenario.Move;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.stream.Stream;

/// RFC 7296 section 2.25: requests of both peers that cross. Each sees the other's request while
/// its own is on the way; both come to the same SAs, or to none and set up new ones.
class Section_7296_2_25_Scenarios {
    /// What a peer answers.
    enum Answer {
        /// With the new SA.
        AS_USUAL,
        DELETE,
        /// To the Delete of an IKE SA, of which every answer is empty, or of what is not there.
        NO_PAYLOAD,
        TEMPORARY_FAILURE,
        CHILD_SA_NOT_FOUND,
        /// The IKE SA is not there any more.
        SILENCE
    }

    private static Answer answer(Scenario story, String arrow, Move move, int id) {
        String message = "c1 " + arrow + " gw-a  " + exchange(move) + " response 0|" + id;
        if (!story.hasSaid(message)) {
            return Answer.SILENCE;
        }
        String said = story.said(message);
        return switch (said) {
            case "" -> Answer.NO_PAYLOAD;
            case "Delete" -> Answer.DELETE;
            case "N(TEMPORARY_FAILURE)" -> Answer.TEMPORARY_FAILURE;
            case "N(CHILD_SA_NOT_FOUND)" -> Answer.CHILD_SA_NOT_FOUND;
            default -> {
                assertThat(said).startsWith("SecurityAssociation Nonce KeyExchange");
                yield Answer.AS_USUAL;
            }
        };
    }

    /// Section 2.25.1, collisions about a Child SA; section 2.25.2, about the IKE SA.
    @ParameterizedTest
    @CsvSource({
        "REKEY_CHILD_SA, REKEY_CHILD_SA, AS_USUAL, AS_USUAL",
        "REKEY_CHILD_SA, CLOSE_CHILD_SA, TEMPORARY_FAILURE, DELETE",
        "CLOSE_CHILD_SA, REKEY_CHILD_SA, DELETE, TEMPORARY_FAILURE",
        "CLOSE_CHILD_SA, CLOSE_CHILD_SA, NO_PAYLOAD, NO_PAYLOAD",
        "REKEY_IKE_SA, REKEY_CHILD_SA, TEMPORARY_FAILURE, TEMPORARY_FAILURE",
        "REKEY_CHILD_SA, REKEY_IKE_SA, TEMPORARY_FAILURE, TEMPORARY_FAILURE",
        "REKEY_IKE_SA, CLOSE_CHILD_SA, TEMPORARY_FAILURE, DELETE",
        "CLOSE_CHILD_SA, REKEY_IKE_SA, DELETE, TEMPORARY_FAILURE",
        "REKEY_IKE_SA, REKEY_IKE_SA, AS_USUAL, AS_USUAL",
        "REKEY_IKE_SA, CLOSE_IKE_SA, TEMPORARY_FAILURE, NO_PAYLOAD",
        "CLOSE_IKE_SA, REKEY_IKE_SA, NO_PAYLOAD, TEMPORARY_FAILURE",
        "CLOSE_IKE_SA, CLOSE_IKE_SA, NO_PAYLOAD, NO_PAYLOAD",
        "REKEY_CHILD_SA, CLOSE_IKE_SA, TEMPORARY_FAILURE, NO_PAYLOAD",
        "CLOSE_CHILD_SA, CLOSE_IKE_SA, NO_PAYLOAD, NO_PAYLOAD",
        "CREATE_CHILD_SA, CREATE_CHILD_SA, AS_USUAL, AS_USUAL",
        "CREATE_CHILD_SA, REKEY_CHILD_SA, AS_USUAL, AS_USUAL",
        "REKEY_CHILD_SA, CREATE_CHILD_SA, AS_USUAL, AS_USUAL",
        "CREATE_CHILD_SA, CLOSE_CHILD_SA, AS_USUAL, DELETE",
        "CLOSE_CHILD_SA, CREATE_CHILD_SA, DELETE, AS_USUAL",
        "CREATE_CHILD_SA, REKEY_IKE_SA, TEMPORARY_FAILURE, TEMPORARY_FAILURE",
        "REKEY_IKE_SA, CREATE_CHILD_SA, TEMPORARY_FAILURE, TEMPORARY_FAILURE",
        "CREATE_CHILD_SA, CLOSE_IKE_SA, TEMPORARY_FAILURE, NO_PAYLOAD",
        "CLOSE_IKE_SA, CREATE_CHILD_SA, NO_PAYLOAD, TEMPORARY_FAILURE"
    })
    void bothBegin(Move ofClient, Move ofGateway, Answer toClient, Answer toGateway) {
        try (Scenario story = Scenario.given(1, 1).connected().after(Duration.ofSeconds(1))) {
            story.when("both begin", s -> s.begins("c1", ofClient).begins("gw-a", ofGateway))
                    .then(request("-->", ofClient, 2) + "\n" + request("<--", ofGateway, 0))
                    .after(Duration.ofSeconds(20));
            theyAgree(story, ofClient, ofGateway);
            assertThat(answer(story, "<--", ofClient, 2)).as("answer to c1").isEqualTo(toClient);
            assertThat(answer(story, "-->", ofGateway, 0)).as("to gw-a").isEqualTo(toGateway);
        }
    }

    /// The client's request is lost and comes again once the gateway is done with its own: to rekey
    /// a Child SA that "does not exist", to close one that "does not exist", or under an IKE SA
    /// that is not there any more.
    @ParameterizedTest
    @CsvSource({
        "REKEY_CHILD_SA, CLOSE_CHILD_SA, CHILD_SA_NOT_FOUND, DELETE",
        "CLOSE_CHILD_SA, REKEY_CHILD_SA, DELETE, TEMPORARY_FAILURE",
        "CLOSE_CHILD_SA, CLOSE_CHILD_SA, NO_PAYLOAD, NO_PAYLOAD",
        "REKEY_CHILD_SA, REKEY_IKE_SA, AS_USUAL, TEMPORARY_FAILURE",
        "CLOSE_CHILD_SA, REKEY_IKE_SA, DELETE, TEMPORARY_FAILURE",
        "REKEY_IKE_SA, REKEY_CHILD_SA, AS_USUAL, TEMPORARY_FAILURE",
        "REKEY_IKE_SA, CLOSE_CHILD_SA, AS_USUAL, DELETE",
        "REKEY_IKE_SA, CLOSE_IKE_SA, SILENCE, NO_PAYLOAD",
        "CLOSE_IKE_SA, REKEY_IKE_SA, NO_PAYLOAD, TEMPORARY_FAILURE",
        "CREATE_CHILD_SA, REKEY_CHILD_SA, AS_USUAL, AS_USUAL",
        "CREATE_CHILD_SA, CLOSE_CHILD_SA, AS_USUAL, DELETE",
        "CREATE_CHILD_SA, REKEY_IKE_SA, AS_USUAL, TEMPORARY_FAILURE",
        "CREATE_CHILD_SA, CLOSE_IKE_SA, SILENCE, NO_PAYLOAD",
        "REKEY_CHILD_SA, CREATE_CHILD_SA, AS_USUAL, AS_USUAL",
        "CLOSE_CHILD_SA, CREATE_CHILD_SA, DELETE, AS_USUAL",
        "REKEY_IKE_SA, CREATE_CHILD_SA, AS_USUAL, TEMPORARY_FAILURE",
        "CLOSE_IKE_SA, CREATE_CHILD_SA, NO_PAYLOAD, TEMPORARY_FAILURE"
    })
    void oneIsDoneBeforeTheOtherIsHeard(
            Move ofClient, Move ofGateway, Answer toClient, Answer toGateway) {
        try (Scenario story = Scenario.given(1, 1).connected().after(Duration.ofSeconds(1))) {
            story.when(
                            "the client's request is lost",
                            s ->
                                    s.fault(new Fault.OneWayLoss(0, 50, 0, 0, false))
                                            .begins("c1", ofClient)
                                            .after(Duration.ofMillis(60))
                                            .begins("gw-a", ofGateway))
                    .then(request("-->", ofClient, 2) + "\n" + request("<--", ofGateway, 0))
                    .after(Duration.ofSeconds(20));
            theyAgree(story, ofClient, ofGateway);
            assertThat(answer(story, "<--", ofClient, 2)).as("answer to c1").isEqualTo(toClient);
            assertThat(answer(story, "-->", ofGateway, 0)).as("to gw-a").isEqualTo(toGateway);
        }
    }

    /// "If a peer receives a request to rekey the IKE SA, and it is currently creating ... a Child
    /// SA", and "a request to create ... a Child SA when it is currently rekeying the IKE SA, it
    /// SHOULD reply with TEMPORARY_FAILURE": both wait, and both come to what they wanted.
    @ParameterizedTest
    @CsvSource({"CREATE_CHILD_SA, REKEY_IKE_SA", "REKEY_IKE_SA, CREATE_CHILD_SA"})
    void aFurtherChildSaAndANewIkeSaWaitForEachOther(Move ofClient, Move ofGateway) {
        try (Scenario story = Scenario.given(1, 1).connected().after(Duration.ofSeconds(1))) {
            story.when("both begin", s -> s.begins("c1", ofClient).begins("gw-a", ofGateway))
                    .then(
                            """
                            c1 --> gw-a  CREATE_CHILD_SA request 0|2
                            c1 <-- gw-a  CREATE_CHILD_SA request 0|0
                            """)
                    .after(Duration.ofMillis(50));
            assertThat(story.count("c1", Counter.REFUSED_CREATE_CHILD_SA)).isEqualTo(1);
            assertThat(story.count("gw-a", Counter.REFUSED_CREATE_CHILD_SA)).isEqualTo(1);
            assertThat(story.associations("gw-a")).as("Child SAs").isEqualTo(1);
            story.after(Duration.ofSeconds(20));
            theyAgree(story, ofClient, ofGateway);
        }
    }

    /// The gateway ends the IKE SA on which the client's configuration has just asked for a second
    /// Child SA: both stand on the client's next one.
    @Test
    void aConfiguredFurtherChildSaOutlivesItsIkeSa() {
        try (Scenario story = Scenario.given(1, 1).withFurtherChildSa()) {
            story.connected()
                    .after(Duration.ofSeconds(1))
                    .when(
                            "gw-a closes one of them, and the IKE SA as c1 asks for it again",
                            s -> s.begins("gw-a", Move.CLOSE_CHILD_SA))
                    .then("c1 --> gw-a  CREATE_CHILD_SA request 0|3")
                    .begins("gw-a", Move.CLOSE_IKE_SA)
                    .after(Duration.ofSeconds(20))
                    .connected();
            assertThat(story.lost()).isEqualTo(1);
            assertThat(story.associations("c1")).as("Child SAs at the client").isEqualTo(2);
            assertThat(story.associations("gw-a")).as("Child SAs at the gateway").isEqualTo(2);
        }
    }

    /// Both have the same SAs, or none; where nobody closes anything, nobody sets up a new session,
    /// and each further Child SA stands beside the first.
    private static void theyAgree(Scenario story, Move ofClient, Move ofGateway) {
        long further = Stream.of(ofClient, ofGateway).filter(Move.CREATE_CHILD_SA::equals).count();
        assertThat(story.size("gw-a")).as("IKE SAs").isEqualTo(story.size("c1"));
        assertThat(story.associations("gw-a")).as("Child SAs").isEqualTo(story.associations("c1"));
        assertThat(story.size("c1")).isLessThanOrEqualTo(1);
        assertThat((long) story.associations("c1")).isLessThanOrEqualTo(1 + further);
        if (!closes(ofClient) && !closes(ofGateway)) {
            story.connected();
            assertThat(story.arrivals()).as("exchanges of a new session").isEmpty();
            assertThat((long) story.associations("c1")).as("all of them").isEqualTo(1 + further);
        }
    }

    private static boolean closes(Move move) {
        return move == Move.CLOSE_CHILD_SA || move == Move.CLOSE_IKE_SA;
    }

    private static String request(String arrow, Move move, int id) {
        return "c1 " + arrow + " gw-a  " + exchange(move) + " request 0|" + id;
    }

    private static String exchange(Move move) {
        return closes(move) ? "INFORMATIONAL" : "CREATE_CHILD_SA";
    }
}
