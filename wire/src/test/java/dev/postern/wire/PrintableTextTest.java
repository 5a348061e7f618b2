package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0", "\t", "\n", "\u001b", "\u0085", "\u200e", "\u202e", "\u2028", "\ud800"
            })
    void whatSteersATerminalBecomesAQuestionMark(String hidden) {
        assertThat(PrintableText.of("a" + hidden + "b")).isEqualTo("a?b");
    }

    @Test
    void whatPeopleReadStays() {
        assertThat(PrintableText.of("Zoë, 門 \ud83d\udeaa")).isEqualTo("Zoë, 門 \ud83d\udeaa");
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(PrintableText.of("a\ud83d\udeaab", 2)).isEqualTo("a\ud83d\udeaa");
    }
}
