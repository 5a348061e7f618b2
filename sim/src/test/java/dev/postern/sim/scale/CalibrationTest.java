package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Fault;
import dev.postern.sim.Fault.Memory;
import dev.postern.sim.Happening;
import dev.postern.sim.Lives;
import dev.postern.sim.Party;
import dev.postern.sim.Plan;
import dev.postern.sim.Simulation;
import dev.postern.sim.World;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The model's recovery times are those of the simulator, where real clients and gateways run.
class CalibrationTest {
    private static final int CRASH_MILLIS = 5000;
    private static final int RUNS = 60;
    private static final int SIMULATED_SILENCE_MILLIS = 600;

    private static List<Double> simulated(int gateways, List<Fault> faults) {
        List<Double> times = new ArrayList<>();
        for (int run = 1; run <= RUNS; run++) {
            Plan plan =
                    new Plan(
                            run,
                            gateways,
                            4,
                            30_000,
                            600,
                            false,
                            false,
                            0,
                            Plan.MANY_MOVES,
                            Lives.UNLIMITED,
                            faults);
            new Simulation(plan, List.of(), List.of((h, w) -> note(times, h, w))).run();
        }
        Collections.sort(times);
        return times;
    }

    private static void note(List<Double> times, Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT
                && world.now() > CRASH_MILLIS * 1_000_000L) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event.SwitchCompleted _)) {
                    times.add(world.now() / 1e6 - CRASH_MILLIS);
                }
            }
        }
    }

    private static ScaleResult modelled(int gateways, int lost) {
        return ScaleModel.run(
                new ScaleParameters(
                        1,
                        4000,
                        gateways,
                        lost,
                        0,
                        gateways,
                        1000,
                        210,
                        SIMULATED_SILENCE_MILLIS,
                        60_000,
                        10,
                        75,
                        290,
                        false,
                        true,
                        true));
    }

    private static Fault crash(int gateway) {
        return new Fault.GatewayCrash(CRASH_MILLIS, 60_000, gateway, Memory.TICKET_KEYS);
    }

    private static void compare(List<Double> simulated, ScaleResult modelled) {
        double mean = simulated.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        assertThat(modelled.meanMillis()).isCloseTo(mean, within(0.1 * mean));
        double ninety = simulated.get(simulated.size() * 9 / 10);
        assertThat((double) modelled.millisUntil(0.9)).isCloseTo(ninety, within(0.1 * ninety));
    }

    @Test
    void oneGatewayOfFourDies() {
        List<Double> times = simulated(4, List.of(crash(0)));
        assertThat(times).hasSize(RUNS);
        compare(times, modelled(4, 1));
    }

    /// The next gateway in the order has died as well: one resume more is given up.
    @Test
    void twoGatewaysOfFourDie() {
        List<Double> times = simulated(4, List.of(crash(0), crash(1)));
        assertThat(times).hasSize(2 * RUNS);
        compare(times, modelled(4, 2));
    }

    @Test
    void everybodyComesBackAndNoGatewayIsOverwhelmed() {
        ScaleParameters parameters =
                new ScaleParameters(
                        3, 20_000, 20, 5, 0, 7, 300, 200, 400, 60_000, 20, 75, 290, true, true,
                        true);
        ScaleResult result = ScaleModel.run(parameters);
        assertThat(result.clientsAffected()).isEqualTo(5000);
        assertThat(result.clientsRecovered()).isEqualTo(5000);
        assertThat(result.requestsDropped()).isZero();
        assertThat(result.highestLoad()).isLessThan(0.5);
    }

    @Test
    void withoutTicketsTheSameLossCostsMoreWork() {
        ScaleParameters parameters =
                new ScaleParameters(
                        3, 20_000, 20, 5, 0, 5, 1000, 200, 400, 60_000, 20, 75, 290, true, true,
                        true);
        assertThat(ScaleModel.run(parameters.withoutTickets()).highestLoad())
                .isGreaterThan(2 * ScaleModel.run(parameters).highestLoad());
    }
}
