package dev.postern.sim.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Now;
import dev.postern.ike.failover.RetryPolicy;
import dev.postern.sim.Fault;
import dev.postern.sim.Fault.Memory;
import dev.postern.sim.Happening;
import dev.postern.sim.Observer;
import dev.postern.sim.Party;
import dev.postern.sim.Plan;
import dev.postern.sim.SimulatedClient;
import dev.postern.sim.Simulation;
import dev.postern.sim.World;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The model's recovery times are those of the simulator, where real clients and gateways run.
class CalibrationTest {
    private static final int CRASH_MILLIS = 5000;
    private static final int RUNS = 60;
    private static final int SIMULATED_SILENCE_MILLIS = 600;
    private static final int OUTAGE_MILLIS = 25_000;

    /// What simulated gateways compute takes no time.
    private static final int SIMULATED_WORK_MICROS = 1;

    private static final int PACKET_MILLIS = 210;
    private static final RetryPolicy SIMULATED_RETRY =
            new RetryPolicy(Now.NANOS_PER_SECOND, 8 * Now.NANOS_PER_SECOND);

    /// How long a simulated client is silent before it checks its gateway.
    private static final int IDLE_MILLIS = 5_000;

    /// What clients have tried since the crash, until the faults are over.
    private int attempts;

    /// In how many milliseconds clients were back, in order.
    private List<Double> simulated(int gateways, int millis, int runs, List<Fault> faults) {
        return simulated(gateways, millis, runs, faults, (_, _) -> {});
    }

    private List<Double> simulated(
            int gateways, int millis, int runs, List<Fault> faults, Observer also) {
        List<Double> times = new ArrayList<>();
        for (int run = 1; run <= runs; run++) {
            Plan plan =
                    Plan.builder(run, gateways, 4, millis)
                            .faults(later(faults, PACKET_MILLIS * (run - 1) / runs))
                            .build();
            int crash = CRASH_MILLIS + PACKET_MILLIS * (run - 1) / runs;
            new Simulation(plan, List.of(), List.of((h, w) -> note(times, crash, h, w), also))
                    .run();
        }
        Collections.sort(times);
        return times;
    }

    /// Crashes come at another instant in each run: no client's timers are to meet them the same
    /// way in all of them.
    private static List<Fault> later(List<Fault> faults, int millis) {
        return faults.stream()
                .map(fault ->
                        fault instanceof Fault.GatewayCrash crash
                                ? new Fault.GatewayCrash(
                                        crash.atMillis() + millis,
                                        crash.forMillis(),
                                        crash.gateway(),
                                        crash.memory())
                                : fault)
                .toList();
    }

    private void note(List<Double> times, int crashMillis, Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT
                && world.now() > crashMillis * Now.NANOS_PER_MILLI
                && world.now() < world.plan().safetyMillis() * Now.NANOS_PER_MILLI) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event.SwitchCompleted _)) {
                    times.add(world.now() / 1e6 - crashMillis);
                } else if (effect instanceof Effect.Emit(Event.SwitchStarted _)) {
                    attempts++;
                }
            }
        }
    }

    private static ScaleResult modelled(int gateways, int lost, int backAfterMillis) {
        return ScaleModel.run(parameters(gateways, lost, backAfterMillis, 1000));
    }

    private static ScaleParameters parameters(
            int gateways, int lost, int backAfterMillis, int activePermille) {
        return new ScaleParameters(
                1,
                4000,
                gateways,
                lost,
                backAfterMillis,
                gateways,
                activePermille,
                PACKET_MILLIS,
                SIMULATED_SILENCE_MILLIS,
                IDLE_MILLIS,
                10,
                new Work(SIMULATED_WORK_MICROS, SIMULATED_WORK_MICROS),
                false,
                true,
                SIMULATED_RETRY);
    }

    private static Fault crash(int gateway, int millis) {
        return new Fault.GatewayCrash(CRASH_MILLIS, millis, gateway, Memory.TICKET_KEYS);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static void compare(List<Double> simulated, ScaleResult modelled) {
        double mean = mean(simulated);
        assertThat(modelled.meanMillis()).isCloseTo(mean, within(0.1 * mean));
        double ninety = simulated.get(simulated.size() * 9 / 10);
        assertThat((double) modelled.millisUntil(0.9)).isCloseTo(ninety, within(0.1 * ninety));
    }

    @Test
    void oneGatewayOfFourDies() {
        List<Double> times = simulated(4, 30_000, RUNS, List.of(crash(0, 60_000)));
        assertThat(times).hasSize(RUNS);
        compare(times, modelled(4, 1, 0));
    }

    /// The next gateway in the order has died as well: one resume more is given up.
    @Test
    void twoGatewaysOfFourDie() {
        List<Double> times =
                simulated(4, 30_000, RUNS, List.of(crash(0, 60_000), crash(1, 60_000)));
        assertThat(times).hasSize(2 * RUNS);
        compare(times, modelled(4, 2, 0));
    }

    /// Every gateway has died, and is back while clients are in their third round or wait for it:
    /// rounds, and the waits between them.
    @Test
    void everyGatewayDiesAndIsBack() {
        List<Fault> all = IntStream.range(0, 4).mapToObj(i -> crash(i, OUTAGE_MILLIS)).toList();
        List<Double> times = simulated(4, 45_000, RUNS / 2, all);
        assertThat(times).hasSize(2 * RUNS);
        ScaleResult modelled = modelled(4, 4, OUTAGE_MILLIS);
        compare(times, modelled);
        double tried = (double) attempts / times.size();
        assertThat(modelled.meanAttempts()).isCloseTo(tried, within(0.1 * tried));
        double waited = mean(times) - OUTAGE_MILLIS;
        assertThat(modelled.meanMillis() - OUTAGE_MILLIS).isCloseTo(waited, within(0.2 * waited));
    }

    /// Whose tunnel is idle notices by the check of a silent gateway. They have fallen silent one
    /// after the other, as nobody's check is due at the instant of a crash more than at another.
    @Test
    void oneGatewayOfFourDiesBehindIdleTunnels() {
        List<Double> times =
                simulated(4, 30_000, RUNS, List.of(crash(0, 60_000)), new IdleTunnels());
        assertThat(times).hasSize(RUNS);
        compare(times, ScaleModel.run(parameters(4, 1, 0, 0)));
    }

    /// The gateways know nothing of resumption. Three of four have died: until the fourth answers,
    /// each one that is silent costs the time after which the next is asked beside it.
    @Test
    void threeGatewaysOfFourDieAndNobodyHoldsATicket() {
        List<Double> one = simulated(4, 30_000, RUNS, withoutResumption(1));
        List<Double> three = simulated(4, 30_000, RUNS / 2, withoutResumption(3));
        assertThat(one).hasSize(RUNS);
        assertThat(three).hasSize(3 * RUNS / 2);
        ScaleResult modelled = ScaleModel.run(parameters(4, 3, 0, 1000).withoutTickets());
        compare(three, modelled);
        ScaleResult modelledOne = ScaleModel.run(parameters(4, 1, 0, 1000).withoutTickets());
        compare(one, modelledOne);
        double raced = mean(three) - mean(one);
        assertThat(raced).isPositive();
        assertThat(modelled.meanMillis() - modelledOne.meanMillis())
                .isCloseTo(raced, within(0.2 * raced));
    }

    private static List<Fault> withoutResumption(int lost) {
        return Stream.concat(
                        IntStream.range(0, 4)
                                .mapToObj(gateway -> new Fault.OlderVersion(0, 60_000, gateway)),
                        IntStream.range(0, lost).mapToObj(gateway -> crash(gateway, 60_000)))
                .toList();
    }

    /// Before the crash each client falls silent at an instant of its own, within the time after
    /// which it checks its gateway; when all is over they speak again.
    private static final class IdleTunnels implements Observer {
        @Override
        public void see(Happening happening, World world) {
            if (happening instanceof Happening.Healed) {
                world.clients().forEach(SimulatedClient::speak);
                return;
            }
            long run = world.plan().seed();
            for (SimulatedClient client : world.clients()) {
                long silent = CRASH_MILLIS - IDLE_MILLIS * (run - 1) / RUNS;
                if (world.now() > silent * Now.NANOS_PER_MILLI) {
                    client.fallSilent();
                }
            }
        }
    }

    @Test
    void everybodyComesBackAndNoGatewayIsOverwhelmed() {
        ScaleParameters parameters =
                new ScaleParameters(
                        3,
                        20_000,
                        20,
                        5,
                        0,
                        7,
                        300,
                        200,
                        400,
                        60_000,
                        20,
                        new Work(75, 290),
                        true,
                        true,
                        ScaleParameters.SITE_LOST.retry());
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
                        3,
                        20_000,
                        20,
                        5,
                        0,
                        5,
                        1000,
                        200,
                        400,
                        60_000,
                        20,
                        new Work(75, 290),
                        true,
                        true,
                        ScaleParameters.SITE_LOST.retry());
        assertThat(ScaleModel.run(parameters.withoutTickets()).highestLoad())
                .isGreaterThan(2 * ScaleModel.run(parameters).highestLoad());
    }
}
