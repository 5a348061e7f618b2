package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/// What a drawn run looks like.
class TraceTest {
    /// With rekeying, faults and a cluster in it; docs/testing.md shows it to readers.
    private static final long SHOWN = 43;

    @Test
    void aTraceSpeaksInWords() {
        String text = Trace.draw(PlanMaker.of(SHOWN)).text();
        assertThat(text).contains(" N(NAT_DETECTION_SOURCE_IP) N(NAT_DETECTION_DESTINATION_IP)");
        assertThat(text).doesNotContainPattern("N\\([0-9]").doesNotContain("[handle=");
    }

    /// `X` is a crash, and nobody crashes because the run is over.
    @Test
    void aTraceEndsWhereTheRunDoes() {
        List<String> lines = Trace.draw(PlanMaker.of(SHOWN)).text().lines().toList();
        assertThat(lines.get(lines.size() - 2)).endsWith("all are connected");
        assertThat(lines.getLast()).endsWith("every claim held");
    }

    @Test
    void aTraceEndsAtTheClaimThatBroke() {
        Plan plan = PlanMaker.of(SHOWN);
        Trace trace = new Trace(plan);
        Outcome outcome =
                new Simulation(plan, List.of(new NothingIsHealed()), List.of(trace)).run();
        assertThat(outcome.violation()).isNotNull();
        assertThat(trace.text().stripTrailing()).endsWith("HEALED");
    }

    private static final class NothingIsHealed implements Checker {
        @Override
        public String claim() {
            return "nothing is healed";
        }

        @Override
        public void see(Happening happening, World world) {
            require(!(happening instanceof Happening.Healed), "it is");
        }
    }
}
