package dev.postern.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class FiguresTest {
    private static final String STORY =
            """
            {"event":"switch-completed","at":"x","uptimeMillis":100,"from":"","to":"a","by":"full-exchange","addressChanged":false}
            {"event":"probe-answered","at":"x","uptimeMillis":110,"number":0,"lost":0}
            {"event":"ike-traffic","at":"x","uptimeMillis":100,"messagesSent":2,"messagesReceived":2,"octetsSent":700,"octetsReceived":500}
            {"event":"gateway-suspected","at":"x","uptimeMillis":1450,"gateway":"a","because":"TRAFFIC_SILENCE"}
            {"event":"switch-started","at":"x","uptimeMillis":1900,"from":"a","to":"b","by":"resume"}
            {"event":"switch-completed","at":"x","uptimeMillis":1904,"from":"a","to":"b","by":"resumed-1rtt","addressChanged":false}
            {"event":"ike-traffic","at":"x","uptimeMillis":1904,"messagesSent":1,"messagesReceived":1,"octetsSent":600,"octetsReceived":580}
            {"event":"probe-answered","at":"x","uptimeMillis":1911,"number":190,"lost":180}
            """;

    @Test
    void timesCountFromTheKillAndWhatCameBeforeItDoesNotCount() throws DemoFailure {
        Figures figures = Figures.of(lines(STORY), 1_000);
        assertThat(figures)
                .isEqualTo(new Figures(450, 900, 904, 911, 180, 2, 1_180, true, "resumed-1rtt"));
        assertThat(figures.exchange()).isEqualTo(4);
        assertThat(figures.keyAgreements()).isZero();
    }

    @Test
    void aFailoverWithoutTrafficIsNoSuccess() {
        String cut = STORY.substring(0, STORY.lastIndexOf("{\"event\":\"probe-answered\""));
        assertThatThrownBy(() -> Figures.of(lines(cut), 1_000))
                .isInstanceOf(DemoFailure.class)
                .hasMessageContaining("probe-answered");
    }

    @Test
    void linesOfOthersAreNoEvents() {
        assertThat(EventLine.parse("WARNING: something")).isEmpty();
        assertThat(EventLine.parse("{\"event\":\"x\"}")).isEmpty();
        assertThat(EventLine.parse("{\"event\":")).isEmpty();
    }

    private static List<EventLine> lines(String story) {
        List<EventLine> lines = new ArrayList<>();
        story.lines().forEach(line -> lines.add(EventLine.parse(line).orElseThrow()));
        return lines;
    }
}
