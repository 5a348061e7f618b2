package dev.postern.sim;

import dev.postern.ike.Input;
import dev.postern.sim.Fault.Memory;
import dev.postern.ticket.TgsKey;
import dev.postern.ticket.store.SessionReference;
import dev.postern.ticket.store.StoredSession;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Makes the faults of a plan happen, and ends them all when the run is healed.
final class Faults {
    private static final long MILLI = 1_000_000;

    /// Who is back so soon was never without power: the process alone had ended, and its machine
    /// has told the others so.
    private static final int PROCESS_RESTARTS_MILLIS = 3_000;

    private static final int OFTEN_MILLIS = 150;

    private final Simulation simulation;
    private final Conditions conditions;
    private final Attacker attacker;
    private final List<TgsKey> domainKeys = new ArrayList<>();
    private @Nullable SimulatedGateway impostor;
    private boolean ended;
    private int injected;
    private int looseEpoch;

    Faults(Simulation simulation, Conditions conditions, Attacker attacker) {
        this.simulation = simulation;
        this.conditions = conditions;
        this.attacker = attacker;
        domainKeys.add(TicketKeys.key(simulation.plan().seed(), "domain", 0));
    }

    Party attacker() {
        return attacker;
    }

    int injected() {
        return injected;
    }

    @Nullable SimulatedGateway impostor() {
        return impostor;
    }

    void schedule() {
        Plan plan = simulation.plan();
        for (Fault fault : plan.faults()) {
            if (fault.concerns(plan.gateways(), plan.clients())) {
                after(fault.atMillis(), () -> inject(fault));
            }
        }
    }

    /// Makes a fault happen now, whatever its instant says.
    void inject(Fault fault) {
        injected++;
        simulation.tell(new Happening.Faulted(fault.toString()));
        begin(fault);
    }

    /// Does something later, unless the run has been healed by then.
    private void after(long millis, Runnable action) {
        simulation
                .agenda()
                .in(
                        millis * MILLI,
                        () -> {
                            if (!ended) {
                                action.run();
                            }
                        });
    }

    private void begin(Fault fault) {
        switch (fault) {
            case Fault.GatewayCrash f -> crash(f);
            case Fault.HotTakeover f -> {
                SimulatedGateway gateway = simulation.gateways().get(f.gateway());
                gateway.failOver(f.sameMember());
                after(f.forMillis(), gateway::start);
            }
            case Fault.LooseTakeover f -> {
                SimulatedGateway gateway = simulation.gateways().get(f.gateway());
                looseEpoch++;
                if (!f.alive()) {
                    gateway.crash(true);
                    after(f.forMillis(), gateway::start);
                }
                int next = (f.gateway() + 1) % simulation.gateways().size();
                SimulatedGateway successor = simulation.gateways().get(next);
                successor.give(
                        new Input.Succeed(
                                gateway.standby().records(),
                                looseEpoch,
                                simulation
                                        .notary()
                                        .succession(f.gateway(), next, successor.seconds())));
            }
            case Fault.StolenRecords f -> new Thief(simulation, attacker).call(f.gateway());
            case Fault.SiteCrash f -> {
                simulation.gateways().forEach(gateway -> gateway.crash(false));
                after(f.forMillis(), () -> simulation.gateways().forEach(SimulatedGateway::start));
            }
            case Fault.SiteLost f -> {
                List<SimulatedGateway> lost = simulation.gatewaysAt(f.site());
                lost.forEach(gateway -> gateway.crash(false));
                after(f.forMillis(), () -> lost.forEach(SimulatedGateway::start));
            }
            case Fault.BridgeCut f -> {
                simulation.bridge().cut();
                after(f.forMillis(), () -> simulation.bridge().mend());
            }
            case Fault.SiteGivenUp f ->
                    simulation
                            .gateways()
                            .forEach(gateway -> {
                                GridSeat seat = gateway.seat();
                                SiteSeat sites = seat == null ? null : seat.sites();
                                if (sites != null) {
                                    sites.fence(Plan.siteName(f.site()));
                                }
                            });
            case Fault.ClientRestart f -> {
                SimulatedClient client = simulation.clients().get(f.client());
                client.crash();
                after(f.forMillis(), () -> client.start(f.keepsTicket()));
            }
            case Fault.ClientReconnect f -> {
                SimulatedClient client = simulation.clients().get(f.client());
                client.stop();
                after(Math.min(f.forMillis(), 1000), client::crash);
                after(Math.min(f.forMillis(), 1000) + 100, () -> client.start(false));
            }
            case Fault.Rebinding f -> simulation.network().rebind(f.client());
            case Fault.Roaming f -> {
                simulation.network().rebind(f.client());
                simulation.clients().get(f.client()).moved();
            }
            case Fault.Parking f -> {
                SimulatedClient client = simulation.clients().get(f.client());
                client.rest();
                after(f.forMillis(), client::wake);
            }
            case Fault.Revoking f -> simulation.operator().revokeSessionOf(f.client());
            case Fault.Drain f -> {
                SimulatedGateway gateway = simulation.gateways().get(f.gateway());
                gateway.drain();
                after(f.forMillis(), gateway::undrain);
            }
            case Fault.WallClock f ->
                    simulation.gateways().get(f.gateway()).clock().showWrongBy(f.seconds());
            case Fault.Drift f ->
                    simulation
                            .gateways()
                            .get(f.gateway())
                            .clock()
                            .drift(simulation.now(), f.partsPerMillion());
            case Fault.ClientClock f -> {
                NodeClock clock = simulation.clients().get(f.client()).clock;
                clock.showWrongBy(f.seconds());
                clock.drift(simulation.now(), f.partsPerMillion());
                after(f.forMillis(), () -> clock.drift(simulation.now(), 0));
            }
            case Fault.SlowLeases f -> {
                SimulatedGateway gateway = simulation.gateways().get(f.gateway());
                gateway.leaseDelay(f.delayMillis());
                after(f.forMillis(), () -> gateway.leaseDelay(0));
            }
            case Fault.GridPartition f -> {
                simulation.grid().cut(f.side());
                after(f.forMillis(), () -> simulation.grid().mend(f.side()));
            }
            case Fault.SlowGrid f -> {
                simulation.grid().slow(f.extraMillis());
                simulation.bridge().slow(f.extraMillis());
                after(
                        f.forMillis(),
                        () -> {
                            simulation.grid().slow(-f.extraMillis());
                            simulation.bridge().slow(-f.extraMillis());
                        });
            }
            case Fault.LateRecords f -> {
                simulation.grid().slowRecords(f.extraMillis());
                after(f.forMillis(), () -> simulation.grid().slowRecords(-f.extraMillis()));
            }
            case Fault.KeyRotation f -> rotate(f);
            case Fault.OlderVersion f -> {
                SimulatedGateway gateway = simulation.gateways().get(f.gateway());
                gateway.become(Version.FORMER, false);
                after(f.forMillis(), () -> gateway.become(Version.PRESENT, false));
            }
            case Fault.NewerVersion f -> {
                SimulatedGateway gateway = simulation.gateways().get(f.gateway());
                gateway.become(Version.NEXT, f.handsOver());
                after(f.forMillis(), () -> gateway.become(Version.PRESENT, f.handsOver()));
            }
            case Fault.RollingUpgrade f -> upgrade(f);
            case Fault.StoreLoss f -> {
                Dice dice = Dice.of(simulation.plan().seed(), "store loss " + injected);
                simulation.stores().forEach(store -> store.lose(dice, f.permille()));
                simulation.tell(new Happening.StoreForgot());
            }
            case Fault.StoreSetBack f -> {
                List<Map<SessionReference, StoredSession>> earlier =
                        simulation.stores().stream().map(StoreModel::copy).toList();
                after(
                        f.forMillis(),
                        () -> {
                            for (int site = 0; site < earlier.size(); site++) {
                                simulation.store(site).goBackTo(earlier.get(site));
                            }
                            simulation.tell(new Happening.StoreForgot());
                        });
            }
            case Fault.Callers f ->
                    often(
                            f.forMillis(),
                            () -> simulation.gateways().forEach(SimulatedGateway::callClients));
            case Fault.Spoofing f ->
                    often(f.forMillis(), simulation.clients().get(f.client())::spoof);
            case Fault.Replay f -> attack(f.count(), f.forMillis(), attacker::replayed);
            case Fault.Injection f -> attack(f.count(), f.forMillis(), attacker::forged);
            case Fault.Flood f -> attack(f.count(), f.forMillis(), attacker::begun);
            case Fault.Impostor f -> impersonate(f, f.gateway(), false);
            case Fault.Stranger f -> impersonate(f, f.gateway(), true);
            case Fault.Partition _,
                    Fault.OneWayLoss _,
                    Fault.Loss _,
                    Fault.Delay _,
                    Fault.Duplication _,
                    Fault.Reordering _,
                    Fault.Tampering _,
                    Fault.PoolsExhausted _,
                    Fault.UplinkLost _,
                    Fault.SlowStore _,
                    Fault.StoreMixUp _,
                    Fault.SlowAaa _,
                    Fault.AnswersDropped _ -> {
                conditions.begin(fault);
                after(fault.forMillis(), () -> conditions.end(fault));
            }
        }
    }

    private void often(int forMillis, Runnable action) {
        for (int millis = 0; millis < forMillis; millis += OFTEN_MILLIS) {
            after(millis, action);
        }
    }

    private void crash(Fault.GatewayCrash fault) {
        SimulatedGateway gateway = simulation.gateways().get(fault.gateway());
        gateway.crash(fault.forMillis() < PROCESS_RESTARTS_MILLIS);
        if (fault.memory() == Memory.NOTHING) {
            gateway.keys()
                    .replaceAll(
                            List.of(
                                    TicketKeys.key(
                                            simulation.plan().seed(), gateway.name(), injected)));
        }
        after(fault.forMillis(), gateway::start);
    }

    private void upgrade(Fault.RollingUpgrade fault) {
        List<SimulatedGateway> gateways = simulation.gateways();
        for (int i = 0; i < gateways.size(); i++) {
            SimulatedGateway gateway = gateways.get(i);
            after(
                    (long) i * fault.forMillis() / gateways.size(),
                    () -> gateway.become(Version.NEXT, fault.handsOver()));
        }
    }

    private void rotate(Fault.KeyRotation fault) {
        if (simulation.plan().sites() > 0) {
            simulation.operator().scheduleKeys();
            return;
        }
        TgsKey old = domainKeys.getLast();
        TgsKey next = TicketKeys.key(simulation.plan().seed(), "domain", domainKeys.size());
        domainKeys.add(next);
        long delay = 0;
        for (SimulatedGateway gateway : simulation.gateways()) {
            after(delay, () -> gateway.keys().join(next));
            after(delay + fault.forMillis(), () -> gateway.keys().drop(old));
            delay += fault.staggerMillis();
        }
    }

    /// What an attacker sends, if he has anything to send.
    @FunctionalInterface
    private interface Source {
        @Nullable Datagram next();
    }

    private void attack(int count, int forMillis, Source source) {
        for (int i = 0; i < count; i++) {
            long delay = attacker.instantWithin(forMillis) / MILLI;
            after(
                    delay,
                    () -> {
                        Datagram datagram = source.next();
                        if (datagram != null) {
                            simulation.network().inject(attacker, datagram);
                        }
                    });
        }
    }

    /// @param named whether it has the keys, and a name of its own
    private void impersonate(Fault fault, int index, boolean named) {
        if (impostor != null) {
            return;
        }
        TicketKeys keys =
                new TicketKeys(TicketKeys.key(simulation.plan().seed(), "impostor", injected));
        SimulatedGateway stranger =
                new SimulatedGateway(simulation, index, Party.Role.IMPOSTOR, keys);
        stranger.beNamed(named);
        impostor = stranger;
        simulation.network().attachGateway(index, stranger::receive);
        stranger.start();
        after(fault.forMillis(), this::unmask);
    }

    private void unmask() {
        SimulatedGateway stranger = impostor;
        if (stranger != null) {
            stranger.crash(true);
            SimulatedGateway honest = simulation.gateways().get(stranger.index());
            simulation.network().attachGateway(stranger.index(), honest::receive);
            impostor = null;
        }
    }

    /// Ends every fault: the network is whole, clocks are set, keys are the domain's, and gateways
    /// run the newest version.
    void end() {
        ended = true;
        conditions.clear();
        simulation.grid().heal();
        simulation.bridge().heal();
        unmask();
        for (SimulatedClient client : simulation.clients()) {
            client.clock.showWrongBy(0);
            client.clock.drift(simulation.now(), 0);
            client.wake();
        }
        for (SimulatedGateway gateway : simulation.gateways()) {
            gateway.leaseDelay(0);
            gateway.undrain();
            gateway.clock().showWrongBy(0);
            gateway.clock().drift(simulation.now(), 0);
            if (simulation.plan().sites() == 0) {
                gateway.keys().replaceAll(domainKeys);
            }
            if (gateway.version() == Version.FORMER) {
                gateway.become(Version.PRESENT, false);
            }
        }
    }

    void close() {
        unmask();
    }
}
