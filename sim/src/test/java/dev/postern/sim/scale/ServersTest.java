package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// What a gateway works, and when.
class ServersTest {
    private static final int GATEWAY = 99;

    private final ScaleResult result = new ScaleResult(ScaleParameters.SITE_LOST);
    private final Servers servers = new Servers(ScaleParameters.SITE_LOST, result);

    /// Ten thousand full exchanges at once are 3.39 s of work, however soon they have come.
    @Test
    void aCoreNeverWorksMoreThanASecondInASecond() {
        for (int i = 0; i < 10_000; i++) {
            servers.ask(GATEWAY, false, 1000);
        }
        assertThat(result.highestLoad()).isEqualTo(1.0);
        assertThat(result.longestQueueMillis()).isBetween(3389.0, 3390.0);
        assertThat(result.busiest(5)[0]).isBetween(2900.0, 2960.0);
    }

    @Test
    void whatDoesNotFitTheQueueIsDropped() {
        for (int i = 0; i < 20_000; i++) {
            servers.ask(GATEWAY, true, 1000);
        }
        assertThat(result.requestsDropped()).isBetween(3600L, 3620L);
    }

    @Test
    void whoWaitsIsAnsweredAfterThoseBeforeIt() {
        int before = servers.ask(GATEWAY, true, 1000);
        int after = before;
        for (int i = 0; i < 1000; i++) {
            after = servers.ask(GATEWAY, true, 1000);
        }
        assertThat(before).isEqualTo(1020);
        assertThat(after).isEqualTo(1103);
    }

    @Test
    void aGatewayThatIsGoneAnswersNobody() {
        assertThat(servers.ask(0, true, ScaleModel.FAILURE_MILLIS)).isEqualTo(Servers.NONE);
    }
}
