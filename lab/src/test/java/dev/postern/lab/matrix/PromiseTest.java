package dev.postern.lab.matrix;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What a cell is failed for.
final class PromiseTest {
    private static final Conversation.Message CHECK = new Conversation.Message(1, "inf2", false);
    private static final Conversation.Message RESUMED =
            new Conversation.Message(1, Conversation.IKE_SESSION_RESUME_1RTT, true);
    private static final Conversation.Message AUTHENTICATED =
            new Conversation.Message(1, Conversation.IKE_AUTH, true);

    private static Cell crash(Arrangement arrangement) {
        return new Cell(Failure.CRASH, arrangement, Encapsulation.TUNNEL, Credential.EAP);
    }

    /// What two seconds of a crash of this arrangement come to.
    private static Outcome outcome(
            int lost, long outageMillis, List<Conversation.Message> said, int aaa, String by) {
        return new Outcome(lost, outageMillis, 0, new Conversation(0, 2_000, said), aaa, by, true);
    }

    private static void holds(Arrangement arrangement, Outcome outcome) {
        assertThatCode(() -> Promise.of(crash(arrangement)).demand(crash(arrangement), outcome))
                .doesNotThrowAnyException();
    }

    private static void breaks(Arrangement arrangement, Outcome outcome, String why) {
        assertThatThrownBy(() -> Promise.of(crash(arrangement)).demand(crash(arrangement), outcome))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(why);
    }

    @Test
    void aSessionThatIsResumedInOneRoundTripHoldsIt() {
        holds(
                Arrangement.BY_VALUE,
                outcome(66, 1_600, List.of(CHECK, RESUMED), 0, Promise.RESUMED));
    }

    @Test
    void aFullExchangeInPlaceOfAResumeBreaksIt() {
        breaks(
                Arrangement.BY_VALUE,
                outcome(66, 1_600, List.of(AUTHENTICATED), 3, Promise.FULL),
                "how the session came");
        // Whatever the client says of itself.
        breaks(
                Arrangement.BY_VALUE,
                outcome(66, 1_600, List.of(AUTHENTICATED, RESUMED), 0, Promise.RESUMED),
                "IKE_AUTH messages");
        breaks(
                Arrangement.BY_REFERENCE,
                outcome(66, 1_600, List.of(RESUMED), 1, Promise.RESUMED),
                "Access-Requests");
        breaks(
                Arrangement.LOOSE,
                outcome(66, 1_600, List.of(CHECK), 0, Promise.RESUMED),
                "IKE_SESSION_RESUME_1RTT responses");
    }

    @Test
    void aClientThatResumesWhereAStandbyTakesOverBreaksIt() {
        breaks(
                Arrangement.TIGHT,
                outcome(20, 500, List.of(RESUMED), 0, Promise.RESUMED),
                "how the session came");
    }

    @Test
    void anotherInnerAddressBreaksItWhereTheSessionWentOn() {
        Conversation said = new Conversation(0, 2_000, List.of(RESUMED));
        breaks(
                Arrangement.BY_VALUE,
                new Outcome(66, 1_600, 0, said, 0, Promise.RESUMED, false),
                "the inner address");
    }

    @Test
    void aColdStandbyAsksAaaForEachMessageOfEap() {
        holds(Arrangement.COLD, outcome(73, 1_800, List.of(AUTHENTICATED), 3, Promise.FULL));
        breaks(
                Arrangement.COLD,
                outcome(73, 1_800, List.of(AUTHENTICATED), 2, Promise.FULL),
                "Access-Requests of a full exchange");
        breaks(
                Arrangement.COLD,
                outcome(73, 1_800, List.of(CHECK), 3, Promise.FULL),
                "IKE_AUTH responses");
    }

    @ParameterizedTest
    @CsvSource({"3000, 60000", "66, 1600"})
    void theLastThatIsNotTooMuch(int lost, long outageMillis) {
        holds(
                Arrangement.BY_VALUE,
                outcome(lost, outageMillis, List.of(RESUMED), 0, Promise.RESUMED));
    }

    @ParameterizedTest
    @CsvSource({"66, 60001, milliseconds without an answer", "3001, 1600, echo requests lost"})
    void aMinuteWithoutAnAnswerBreaksIt(int lost, long outageMillis, String why) {
        breaks(
                Arrangement.BY_VALUE,
                outcome(lost, outageMillis, List.of(RESUMED), 0, Promise.RESUMED),
                why);
    }

    @Test
    void aGatewayThatStartsAgainHasTheTimeThatThisTakes() {
        Cell reboot =
                new Cell(
                        Failure.REBOOT, Arrangement.BY_VALUE, Encapsulation.TUNNEL, Credential.PSK);
        Conversation said = new Conversation(0, 2_000, List.of(RESUMED));

        assertThatCode(() ->
                        Promise.of(reboot)
                                .demand(
                                        reboot,
                                        new Outcome(
                                                2_311,
                                                194_000,
                                                67_000,
                                                said,
                                                0,
                                                Promise.RESUMED,
                                                true)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        Promise.of(reboot)
                                .demand(
                                        reboot,
                                        new Outcome(
                                                2_311,
                                                194_001,
                                                67_000,
                                                said,
                                                0,
                                                Promise.RESUMED,
                                                true)))
                .hasMessageContaining("milliseconds without an answer");
    }

    @Test
    void aFloodOfMessagesBreaksIt() {
        List<Conversation.Message> said = new ArrayList<>(Collections.nCopies(27, CHECK));
        said.add(RESUMED);
        holds(Arrangement.BY_VALUE, outcome(66, 1_600, said, 0, Promise.RESUMED));
        said.add(CHECK);
        breaks(
                Arrangement.BY_VALUE,
                outcome(66, 1_600, said, 0, Promise.RESUMED),
                "IKE messages in 2 s");
    }
}
