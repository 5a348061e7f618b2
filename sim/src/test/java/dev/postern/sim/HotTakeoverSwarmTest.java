package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Gateways fail over to their standby again and again, and no client notices.
class HotTakeoverSwarmTest {
    private static final int SEEDS = Integer.getInteger("postern.sim.hot-seeds", 40);

    @Test
    void noClientLosesItsSession() {
        int takeovers = 0;
        long packets = 0;
        for (long n = 1; n <= SEEDS; n++) {
            Outcome outcome = Simulation.run(Family.HOT.seed(n));
            assertThat(outcome.violation()).as(outcome.describe()).isNull();
            takeovers +=
                    (int)
                            outcome.plan().faults().stream()
                                    .filter(Fault.HotTakeover.class::isInstance)
                                    .count();
            packets += outcome.packetsDelivered();
        }
        System.out.println(
                SEEDS + " seeds, " + takeovers + " takeovers, " + packets + " packets delivered");
        if (SEEDS >= SwarmTest.ENOUGH) {
            assertThat(takeovers).isGreaterThan(3 * SEEDS);
            assertThat(packets).isGreaterThan(100L * SEEDS);
        }
    }
}
