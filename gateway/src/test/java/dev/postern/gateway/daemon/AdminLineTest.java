package dev.postern.gateway.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/// A command arrives with the words that it was given.
final class AdminLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@example",
                "CN=gw b, O=Example",
                "CN=\"Example, Inc.\", O=x",
                "O=back\\, slash",
                "\\",
                "\"",
                "\\\" \\",
                "[::1]:4500",
                " leading",
                "trailing ",
                "tab\there",
                "",
                "Ünal O=Äpfel & Söhne"
            })
    void everyWordIsReadAsItWasWritten(String word) throws Exception {
        List<String> words = List.of("revoke", word, "x", word);
        assertThat(AdminLine.words(AdminLine.of(words))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status json              | status,json",
                "'  down   logout '       | down,logout",
                "switch gw\"b             | switch,gw\"b",
                "park CN=alice            | park,CN=alice",
                "park \"CN=a b\"          | park,CN=a b",
                "switch 10.1.0.1:4500\\   | switch,10.1.0.1:4500\\"
            })
    void wordsWithoutBlanksNeedNoQuotes(String line, String words) throws Exception {
        assertThat(AdminLine.words(line)).isEqualTo(List.of(words.split(",")));
    }

    @Test
    void anEmptyLineIsOneEmptyWord() throws Exception {
        assertThat(AdminLine.words(" ")).containsExactly("");
    }

    @Test
    void whatIsNoLineIsRefusedInWords() {
        assertThatThrownBy(() -> AdminLine.words("park \"CN=a"))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("without its fellow");
        assertThatThrownBy(() -> AdminLine.of(List.of("park", "a\nb")))
                .isInstanceOf(AdminException.class)
                .hasMessageContaining("line break");
    }
}
