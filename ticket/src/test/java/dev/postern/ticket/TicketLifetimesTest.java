package dev.postern.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketLifetimesTest {
    private static final long WEEK = 604_800;
    private static final long HOUR = 3_600;
    private static final long NOW = 1_800_000_000;

    @Test
    void aShorterLifetimeCountsOnlyWhenTheLastTicketOfTheLongerOneHasEnded() {
        TicketLifetimes shorter = TicketLifetimes.of(WEEK).then(HOUR, NOW);

        assertThat(shorter.longest()).isEqualTo(WEEK);
        assertThat(shorter.then(HOUR, NOW + WEEK - 1).longest()).isEqualTo(WEEK);
        assertThat(shorter.then(HOUR, NOW + WEEK).longest()).isEqualTo(HOUR);
    }

    @Test
    void aLongerLifetimeCountsAtOnce() {
        assertThat(TicketLifetimes.of(HOUR).then(WEEK, NOW)).isEqualTo(TicketLifetimes.of(WEEK));
    }

    @Test
    void whoShortensTwiceKeepsTheLongest() {
        TicketLifetimes twice = TicketLifetimes.of(WEEK).then(2 * HOUR, NOW).then(HOUR, NOW + HOUR);

        assertThat(twice.longest()).isEqualTo(WEEK);
        assertThat(twice.then(HOUR, NOW + WEEK).longest()).isEqualTo(HOUR);
        assertThat(TicketLifetimes.parse(twice.write())).isEqualTo(twice);
    }

    @Test
    void goingBackAndForthLosesNothing() {
        TicketLifetimes back = TicketLifetimes.of(WEEK).then(HOUR, NOW).then(WEEK, NOW + HOUR);

        assertThat(back.then(HOUR, NOW + 2 * HOUR).then(HOUR, NOW + WEEK + HOUR).longest())
                .isEqualTo(WEEK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a week",
                "-1",
                "3600\n3600",
                "3600 tomorrow",
                "604800 2026-02-07T12:00:00Z",
                "3600 2026-02-07T12:00:00Z and more\n3600",
                "99999999999999999999"
            })
    void whatNobodyHasWrittenIsNotRead(String text) {
        assertThat(TicketLifetimes.parse(text)).isNull();
    }
}
