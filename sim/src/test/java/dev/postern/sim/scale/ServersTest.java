package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// What a gateway works, and when.
class ServersTest {
    private static final int GATEWAY = 99;
    private static final ScaleParameters DOMAIN = ScaleParameters.SITE_LOST;

    /// Half a round trip from client to gateway.
    private static final int WAY_MILLIS = DOMAIN.roundTripMillis() / 2;

    private final ScaleResult result = new ScaleResult(DOMAIN);
    private final Servers servers = new Servers(DOMAIN, result);

    /// Ten thousand full exchanges at once are seconds of work, however soon they have come. The
    /// first second has as many as fit between their arrival and its end.
    @Test
    void aCoreNeverWorksMoreThanASecondInASecond() {
        int requests = 10_000;
        double millisEach = DOMAIN.work().fullMicros() / 1000.0;
        for (int i = 0; i < requests; i++) {
            servers.ask(GATEWAY, false, 1000);
        }
        assertThat(requests * millisEach).as("milliseconds of work").isGreaterThan(2000);
        assertThat(result.highestLoad()).isEqualTo(1.0);
        assertThat(result.longestQueueMillis())
                .isCloseTo((requests - 1) * millisEach, within(0.001));
        assertThat(result.busiest(5)[0]).isCloseTo((1000 - WAY_MILLIS) / millisEach, within(1.0));
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
        assertThat(before).isEqualTo(1000 + 2 * WAY_MILLIS);
        assertThat(after).isEqualTo(before + 1001 * DOMAIN.work().resumeMicros() / 1000);
    }

    @Test
    void aGatewayThatIsGoneAnswersNobody() {
        assertThat(servers.ask(0, true, ScaleModel.FAILURE_MILLIS)).isEqualTo(Servers.NONE);
    }
}
