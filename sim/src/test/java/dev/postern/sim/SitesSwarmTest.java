package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Two sites of one domain, a cluster each with a bridge between them: one is lost, or cut off, is
/// taken for lost, rightly or not, and is back.
class SitesSwarmTest {
    private static final int SEEDS = Integer.getInteger("postern.sim.sites-seeds", 30);

    private static final class Tally implements Observer {
        int fenced;
        int back;
        int kept;
        int heard;

        @Override
        public void see(Happening happening, World world) {
            switch (happening) {
                case Happening.SiteFenced told -> {
                    fenced += told.fenced() ? 1 : 0;
                    back += told.fenced() ? 0 : 1;
                }
                case Happening.Owned owned -> kept += isForeign(owned, world) ? 1 : 0;
                case Happening.AddressTaken _ -> heard++;
                default -> {}
            }
        }

        private static boolean isForeign(Happening.Owned owned, World world) {
            int own = world.plan().siteOf(((SimulatedGateway) owned.party()).index());
            for (int host = 0; host < world.plan().gateways(); host++) {
                if (world.plan().siteOf(host) != own
                        && world.share(host).stream()
                                .anyMatch(address ->
                                        owned.thing()
                                                .equals("lease/" + address.getHostAddress()))) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void aSiteThatIsLostAndBackCostsNobodyHisAddressToAnother() {
        Tally tally = new Tally();
        long resumed = 0;
        long delivered = 0;
        for (long n = 1; n <= SEEDS; n++) {
            Plan plan = PlanMaker.of(Family.SITES.seed(n));
            Outcome outcome = new Simulation(plan, Checkers.all(), List.of(tally)).run();
            assertThat(outcome.violation()).as(outcome.describe()).isNull();
            resumed += outcome.resumed();
            delivered += outcome.packetsDelivered();
        }
        System.out.println(
                SEEDS
                        + " seeds, "
                        + tally.fenced
                        + " sites taken for lost, "
                        + tally.back
                        + " seen again, "
                        + tally.kept
                        + " addresses kept elsewhere, of which those at home heard "
                        + tally.heard
                        + " times, "
                        + resumed
                        + " resumes, "
                        + delivered
                        + " packets delivered");
        if (SEEDS >= SwarmTest.ENOUGH) {
            assertThat(tally.fenced).isGreaterThan(SEEDS);
            assertThat(tally.back).isGreaterThan(SEEDS / 2);
            assertThat(tally.kept).isGreaterThan(SEEDS / 2);
            assertThat(tally.heard).isGreaterThan(SEEDS / 2);
            assertThat(resumed).isGreaterThan(2L * SEEDS);
            assertThat(delivered).isGreaterThan(100L * SEEDS);
        }
    }
}
