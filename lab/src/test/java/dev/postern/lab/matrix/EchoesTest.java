package dev.postern.lab.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

final class EchoesTest {
    @Test
    void aRowEndsWithARequestThatNobodyAnswered() {
        List<Echoes.Answer> answers =
                List.of(
                        new Echoes.Answer(1_000, 1),
                        new Echoes.Answer(1_020, 2),
                        new Echoes.Answer(1_040, 3),
                        new Echoes.Answer(1_080, 5),
                        new Echoes.Answer(1_100, 6));

        assertThat(Echoes.longestRow(answers, 0)).isEqualTo(3);
        assertThat(Echoes.longestRow(answers, 1_040)).isEqualTo(2);
        assertThat(Echoes.longestRow(answers, 1_101)).isZero();
    }
}
