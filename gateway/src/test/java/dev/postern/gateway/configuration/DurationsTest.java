package dev.postern.gateway.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;

/// Durations and words that were nearly right.
class DurationsTest {
    @Test
    void eachUnitIsUnderstood() {
        assertThat(Durations.parse("400ms")).isEqualTo(Duration.ofMillis(400));
        assertThat(Durations.parse("90s")).isEqualTo(Duration.ofSeconds(90));
        assertThat(Durations.parse("15m")).isEqualTo(Duration.ofMinutes(15));
        assertThat(Durations.parse("8h")).isEqualTo(Duration.ofHours(8));
        assertThat(Durations.parse("30d")).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void aDurationIsWrittenInItsLargestUnit() {
        for (String text : List.of("0ms", "1500ms", "90s", "15m", "8h", "720h")) {
            assertThat(Durations.text(Durations.parse(text))).isEqualTo(text);
        }
        assertThat(Durations.text(Duration.ofHours(1))).isEqualTo("1h");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "8",
                "8 h",
                "-1s",
                "1.5h",
                "8H",
                "1h30m",
                "1234567890123s",
                "never"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessage("is not a duration");
    }

    @Test
    void aWordThatWasNearlyRightIsFoundAndNoOther() {
        List<String> known = List.of("psk", "psk-file", "addresses", "member");
        assertThat(Suggestion.of("pks", known)).isEqualTo("psk");
        assertThat(Suggestion.of("adresses", known)).isEqualTo("addresses");
        assertThat(Suggestion.of("members", known)).isEqualTo("member");
        assertThat(Suggestion.of("mtu", known)).isNull();
        assertThat(Suggestion.of("x".repeat(100_000), known)).isNull();
    }
}
