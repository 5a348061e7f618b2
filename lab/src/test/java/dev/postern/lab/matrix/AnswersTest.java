package dev.postern.lab.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/// How an outage is read from answers.
final class AnswersTest {
    private static Echoes.Answer answer(long epochMillis, int sequence) {
        return new Echoes.Answer(epochMillis, sequence);
    }

    @Test
    void theLongestSilenceAfterTheFailureIsTheOutage() {
        List<Echoes.Answer> answers =
                List.of(
                        answer(1_000, 1),
                        answer(1_500, 2),
                        answer(1_520, 3),
                        answer(1_820, 18),
                        answer(1_840, 19));

        Answers read = new Answers(answers, answers, true, 1_530);

        assertThat(read.outageMillis()).isEqualTo(280);
        assertThat(read.recoveredAt()).isEqualTo(1_820);
        assertThat(read.lost()).isEqualTo(14);
    }

    @Test
    void inTransportModeTheOutageEndsWithTheFirstAnswerOfTheOtherGateway() {
        Answers read =
                new Answers(
                        List.of(answer(1_000, 1), answer(1_020, 2)),
                        List.of(answer(1_140, 1), answer(1_160, 2)),
                        false,
                        1_030);

        assertThat(read.outageMillis()).isEqualTo(100);
        assertThat(read.recoveredAt()).isEqualTo(1_140);
        assertThat(read.lost()).isEqualTo(5);
    }
}
