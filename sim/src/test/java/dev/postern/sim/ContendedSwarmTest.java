package dev.postern.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;

import org.junit.jupiter.api.Test;

import java.util.List;

/// Members of a tight cluster contend for the address that they share, and carry on with each
/// other's IKE SAs there, while they crash and come apart (RFC 6311 section 2).
class ContendedSwarmTest {
    private static final int SEEDS = Integer.getInteger("postern.sim.contended-seeds", 30);

    private static final class Tally implements Observer {
        int served;
        int stoodDown;
        int admitted;
        int takenOver;

        @Override
        public void see(Happening happening, World world) {
            switch (happening) {
                case Happening.Served told -> {
                    served += told.epoch() > 0 ? 1 : 0;
                    stoodDown += told.epoch() > 0 ? 0 : 1;
                }
                case Happening.Admitted _ -> admitted++;
                case Happening.Handled handled ->
                        takenOver +=
                                (int) handled.effects().stream().filter(Tally::isTakenOver).count();
                default -> {}
            }
        }

        private static boolean isTakenOver(Effect effect) {
            return effect instanceof Effect.Emit(Event.IkeSaEstablished established)
                    && established.origin() == Event.Origin.TAKEN_OVER;
        }
    }

    @Test
    void oneMemberServesAndCarriesOn() {
        Tally tally = new Tally();
        long delivered = 0;
        for (long n = 1; n <= SEEDS; n++) {
            Plan plan = PlanMaker.of(Family.CONTENDED.seed(n));
            Outcome outcome = new Simulation(plan, Checkers.all(), List.of(tally)).run();
            assertThat(outcome.violation()).as(outcome.describe()).isNull();
            delivered += outcome.packetsDelivered();
        }
        System.out.println(
                SEEDS
                        + " seeds, "
                        + tally.served
                        + " times somebody began to serve, "
                        + tally.stoodDown
                        + " ends, "
                        + tally.takenOver
                        + " IKE SAs taken over, "
                        + tally.admitted
                        + " messages let in, "
                        + delivered
                        + " packets delivered");
        if (SEEDS >= SwarmTest.ENOUGH) {
            assertThat(tally.served).isGreaterThan(4 * SEEDS);
            assertThat(tally.stoodDown).isGreaterThan(3 * SEEDS);
            assertThat(tally.takenOver).isGreaterThan(2 * SEEDS);
            assertThat(tally.admitted).isGreaterThan(10 * SEEDS);
            assertThat(delivered).isGreaterThan(100L * SEEDS);
        }
    }

    /// Members that know the last epoch end one after the other, while one with older records is
    /// cut off: a run in which a key sees a nonce twice unless each member keeps its own epochs.
    @Test
    void nobodyTakesAnEpochTwiceWhateverTheOthersHaveForgotten() {
        Outcome outcome = Simulation.run(Family.CONTENDED.seed(76));
        assertThat(outcome.violation()).as(outcome.describe()).isNull();
    }
}
