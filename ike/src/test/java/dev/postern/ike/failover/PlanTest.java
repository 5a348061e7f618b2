package dev.postern.ike.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Redirection;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/// In which order a client tries its gateways, when all are silent.
final class PlanTest {
    private final Plan plan = new Plan();

    /// One round over the gateways 0 and 1, all of it in vain.
    private List<String> round(boolean canResume) {
        plan.begin(List.of(0, 1), Redirection.ACCEPTED);
        List<String> tried = new ArrayList<>();
        for (Plan.Step step = plan.next(canResume); step != null; step = plan.next(canResume)) {
            tried.add((step.resume() ? "resume " : "full ") + step.gateway());
        }
        return tried;
    }

    @Test
    void whoCanResumeAsksForAFullExchangeInEveryThirdRoundOnly() {
        assertThat(round(true)).containsExactly("resume 0", "resume 1");
        assertThat(round(true)).containsExactly("resume 0", "resume 1");
        assertThat(round(true)).containsExactly("resume 0", "resume 1", "full 0", "full 1");
        assertThat(round(true)).containsExactly("resume 0", "resume 1");
    }

    @Test
    void whoCannotResumeAsksForOneAtOnce() {
        assertThat(round(false)).containsExactly("full 0", "full 1");
    }

    @Test
    void afterASuccessTheCountBeginsAnew() {
        round(true);
        round(true);
        plan.succeeded();

        assertThat(round(true)).containsExactly("resume 0", "resume 1");
    }

    @Test
    void aVisitedGatewayIsAskedForBoth() {
        plan.visit(1, Redirection.ACCEPTED, false);

        assertThat(plan.next(true)).isEqualTo(new Plan.Step(1, true, Redirection.ACCEPTED));
        assertThat(plan.next(true)).isEqualTo(new Plan.Step(1, false, Redirection.ACCEPTED));
        assertThat(plan.next(true)).isNull();
    }
}
