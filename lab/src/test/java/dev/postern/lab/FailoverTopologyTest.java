package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/// The network of the failover tests, before any daemon runs in it.
@Tag("privileged")
final class FailoverTopologyTest {
    @AutoClose private final Lab lab = Lab.open("Topology");
    private final FailoverTopology topology = FailoverTopology.create(lab);

    @Test
    void theClientReachesBothGatewaysAndNothingBehindThem() {
        assertThat(Ping.send(topology.client(), FailoverTopology.GW_A, 3).lost()).isZero();
        assertThat(Ping.send(topology.client(), FailoverTopology.GW_B, 3).lost()).isZero();
        assertThat(Ping.send(topology.client(), "2001:db8::1", 3).lost()).isZero();
        assertThat(Ping.send(topology.client(), FailoverTopology.LANHOST, 1).received()).isZero();
    }

    @Test
    void bothGatewaysReachTheHostBehindThem() {
        assertThat(Ping.send(topology.gwA(), FailoverTopology.LANHOST, 3).lost()).isZero();
        assertThat(Ping.send(topology.gwB(), FailoverTopology.LANHOST, 3).lost()).isZero();
        assertThat(Ping.send(topology.gwB(), FailoverTopology.LANHOST_IPV6, 3).lost()).isZero();
    }

    @Test
    void aGatewayForwardsFromTheOutsideToTheInside() {
        topology.client().route(FailoverTopology.INSIDE_NETWORK, FailoverTopology.GW_A);
        topology.lanhost().route("192.0.2.0/24", FailoverTopology.GW_B_INSIDE);

        assertThat(Ping.send(topology.client(), FailoverTopology.LANHOST, 3).lost()).isZero();
    }

    @Test
    void aGatewayWhoseCableIsPulledIsSilentUntilItIsPutBack() {
        topology.gwA().linkDown("outside");
        assertThat(Ping.send(topology.client(), FailoverTopology.GW_A, 1).received()).isZero();

        topology.gwA().linkUp("outside");
        // The neighbour entry that failed meanwhile has to be tried again first.
        Await.until(
                "the gateway answers again",
                Duration.ofSeconds(30),
                () -> Ping.send(topology.client(), FailoverTopology.GW_A, 1).received() == 1);
    }
}
