package dev.postern.sim;

import dev.postern.ike.Now;
import dev.postern.ike.failover.AuxiliaryPolicy;
import dev.postern.sim.Fault.Memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Makes the plan of a seed, as one of its [Family]. Each run sees only some kinds of faults, and
/// those the more often (swarm testing): where everything goes wrong at once, little is reached.
public final class PlanMaker {
    private static final int KINDS = 27;

    /// Crashes, partitions, loss in one direction, replay.
    private static final List<Integer> WANDERING = List.of(0, 6, 7, 7, 18);

    private static final int WANDERING_FAULTS = 50;

    private static final int HOT_ATTACKS = 10;

    /// Notes of who has which address last as long as tickets: for longer than members of a site
    /// are apart, and for less than it may take until everybody is connected.
    private static final int NOTE_SECONDS = 40;

    private final Dice dice;
    private final int gateways;
    private final int clients;
    private final int safetyMillis;
    private final boolean wandering;

    private PlanMaker(long seed) {
        dice = Dice.of(seed, "plan");
        wandering = Family.of(seed) == Family.WANDERING;
        gateways = wandering ? 2 : dice.between(2, 4);
        clients = wandering ? 2 : dice.between(1, 4);
        safetyMillis = (wandering ? 90 : dice.between(15, 50)) * 1000;
    }

    public static Plan of(long seed) {
        PlanMaker maker = new PlanMaker(seed);
        Plan plan =
                switch (Family.of(seed)) {
                    case WANDERING -> maker.make(seed);
                    case ORDINARY -> withUpkeep(maker.make(seed));
                    case HOT -> maker.makeHot(seed);
                    case LOOSE ->
                            seed % 2 == 0 ? maker.makeLoose(seed) : maker.makeSubstitutes(seed);
                    case CLUSTERED -> maker.makeClustered(seed);
                    case CONTENDED -> maker.makeContended(seed);
                    case SITES -> maker.makeSites(seed);
                };
        return plan.toBuilder().terms(Terms.of(seed)).build();
    }

    private static Plan withUpkeep(Plan plan) {
        List<Fault> faults = new ArrayList<>(plan.faults());
        faults.addAll(Upkeep.ofClocksAndRecords(plan));
        faults.addAll(Upkeep.ofStoreAndVersion(plan));
        faults.sort(Comparator.comparingInt(Fault::atMillis));
        return plan.withFaults(faults);
    }

    private Plan.Builder begin(long seed) {
        return Plan.builder(seed, gateways, clients, safetyMillis);
    }

    /// In some runs clients have a session at another gateway as well.
    private static AuxiliaryPolicy auxiliary(long seed) {
        Dice dice = Dice.of(seed, "auxiliary");
        if (!dice.permille(150)) {
            return AuxiliaryPolicy.NONE;
        }
        return new AuxiliaryPolicy(
                1,
                dice.flip() ? AuxiliaryPolicy.Use.AT_ONCE : AuxiliaryPolicy.Use.AFTER_RESUME,
                2 * Now.NANOS_PER_SECOND);
    }

    private Plan makeHot(long seed) {
        List<Fault> faults = new ArrayList<>();
        for (int from = 3_000; from < safetyMillis - 4_000; from += 4_000) {
            int at = dice.between(from, from + 500);
            int lasts = dice.between(10, 800);
            int gateway = dice.below(2);
            faults.add(new Fault.HotTakeover(at, lasts, gateway, dice.flip()));
            if (dice.permille(400)) {
                // In rapid succession (RFC 6311 section 2).
                int next = at + lasts + dice.between(1, 150);
                faults.add(new Fault.HotTakeover(next, dice.between(5, 60), gateway, dice.flip()));
            }
        }
        for (int i = 0; i < HOT_ATTACKS; i++) {
            int at = dice.between(500, safetyMillis - 1_500);
            faults.add(
                    switch (dice.below(3)) {
                        case 0 -> new Fault.Replay(at, 2_000, dice.between(10, 60));
                        case 1 -> new Fault.Duplication(at, 1_000, dice.between(100, 1000));
                        default -> new Fault.Injection(at, 1_000, dice.between(1, 30));
                    });
        }
        lateRecords(seed).ifPresent(faults::add);
        faults.sort(Comparator.comparingInt(Fault::atMillis));
        // Rekeyings that a failover interrupts may cost a session, never a nonce or a packet.
        Lifetimes lifetimes = dice.permille(600) ? Lifetimes.UNLIMITED : Lifetimes.of(seed);
        return begin(seed)
                .gateways(2)
                .byReference(dice.permille(300))
                .alliance(Alliance.cluster(seed % 2 == 0 ? 1 : 0))
                .lifetimes(lifetimes)
                .faults(faults)
                .build();
    }

    /// In a part of the runs, from beginning to end.
    private Optional<Fault> lateRecords(long seed) {
        Dice late = Dice.of(seed, "late records");
        return late.permille(400)
                ? Optional.of(
                        new Fault.LateRecords(
                                late.between(0, 300),
                                safetyMillis,
                                late.permille(500)
                                        ? late.between(20, 800)
                                        : late.between(800, 9_000)))
                : Optional.empty();
    }

    private Plan makeClustered(long seed) {
        List<Fault> faults = new ArrayList<>();
        lateRecords(seed).ifPresent(faults::add);
        for (int from = 500; from < safetyMillis - 4_000; from += 1_000) {
            int at = dice.between(from, from + 900);
            int gateway = dice.below(gateways);
            int client = dice.below(clients);
            int soon = dice.between(50, 1_500);
            faults.add(
                    switch (dice.below(10)) {
                        case 0, 1 -> new Fault.GatewayCrash(at, soon, gateway, Memory.TICKET_KEYS);
                        case 2, 3 -> new Fault.ClientReconnect(at, soon, client);
                        case 4 -> new Fault.ClientRestart(at, soon, client, dice.flip());
                        case 5 -> new Fault.Partition(at, 2 * soon, gateway, client);
                        case 6 -> new Fault.HotTakeover(at, soon, gateway, dice.flip());
                        case 7 -> new Fault.Drain(at, 3 * soon, gateway);
                        case 8 -> new Fault.Stranger(at, 4 * soon, gateway);
                        default ->
                                new Fault.GridPartition(
                                        at, 4 * soon, dice.between(1, (1 << gateways) - 2));
                    });
        }
        Dice keys = Dice.of(seed, "key schedule");
        if (keys.permille(300)) {
            faults.add(new Fault.KeyRotation(keys.between(200, 5_000), 0, 0));
            faults.sort(Comparator.comparingInt(Fault::atMillis));
        }
        return begin(seed)
                .byReference(dice.permille(300))
                .alliance(Alliance.cluster(dice.between(1, 2)))
                .movesPerHour(dice.permille(200) ? dice.between(1, 4) : Plan.MANY_MOVES)
                .faults(faults)
                .build();
    }

    private Plan makeContended(long seed) {
        List<Fault> faults = new ArrayList<>();
        lateRecords(seed).ifPresent(faults::add);
        for (int from = 500; from < safetyMillis - 4_000; from += 1_000) {
            int at = dice.between(from, from + 900);
            int gateway = dice.below(gateways);
            int client = dice.below(clients);
            int soon = dice.between(50, 1_500);
            faults.add(
                    switch (dice.below(10)) {
                        case 0, 1, 2 ->
                                new Fault.GatewayCrash(at, 2 * soon, gateway, Memory.TICKET_KEYS);
                        case 3 -> new Fault.ClientReconnect(at, soon, client);
                        case 4 -> new Fault.ClientRestart(at, soon, client, dice.flip());
                        case 5 -> new Fault.Partition(at, 2 * soon, 0, client);
                        case 6 -> new Fault.SlowLeases(at, 3 * soon, gateway, soon);
                        case 7 -> new Fault.Replay(at, 2_000, dice.between(10, 60));
                        default ->
                                new Fault.GridPartition(
                                        at, 4 * soon, dice.between(1, (1 << gateways) - 2));
                    });
        }
        faults.sort(Comparator.comparingInt(Fault::atMillis));
        return begin(seed)
                .byReference(dice.permille(300))
                .alliance(Alliance.contenders())
                .lifetimes(dice.permille(600) ? Lifetimes.UNLIMITED : Lifetimes.of(seed))
                .faults(faults)
                .build();
    }

    /// Every eight seconds a site is lost, or cut off, and often taken for lost.
    private Plan makeSites(long seed) {
        List<Fault> faults = new ArrayList<>();
        int members = dice.permille(600) ? 4 : 3;
        for (int from = 2_000; from < safetyMillis - 5_000; from += 8_000) {
            int at = dice.between(from, from + 2_000);
            int site = dice.below(2);
            int lasts = dice.between(2_000, 7_000);
            boolean ends = dice.flip();
            faults.add(ends ? new Fault.SiteLost(at, lasts, site) : new Fault.BridgeCut(at, lasts));
            if (dice.permille(ends ? 700 : 400)) {
                faults.add(new Fault.SiteGivenUp(at + dice.between(500, 3_000), 0, site));
            }
        }
        for (int from = 500; from < safetyMillis - 4_000; from += 1_500) {
            int at = dice.between(from, from + 1_400);
            int gateway = dice.below(members);
            int client = dice.below(clients);
            int soon = dice.between(50, 1_500);
            faults.add(
                    switch (dice.below(9)) {
                        case 0, 1 -> new Fault.GatewayCrash(at, soon, gateway, Memory.TICKET_KEYS);
                        case 2 -> new Fault.ClientReconnect(at, soon, client);
                        case 3, 4 -> new Fault.ClientRestart(at, soon, client, dice.flip());
                        case 5 -> new Fault.Partition(at, 3 * soon, gateway, client);
                        case 6 -> new Fault.Revoking(at, 0, client);
                        case 7 -> new Fault.SlowGrid(at, 4 * soon, dice.between(20, 800));
                        default ->
                                new Fault.GridPartition(
                                        at, 2 * soon, dice.between(1, (1 << members) - 2));
                    });
        }
        if (dice.permille(400)) {
            faults.add(new Fault.KeyRotation(dice.between(200, 5_000), 0, 0));
        }
        faults.sort(Comparator.comparingInt(Fault::atMillis));
        int lostAfter = dice.permille(300) ? dice.between(2_000, 6_000) : 0;
        return begin(seed)
                .gateways(members)
                .byReference(dice.flip())
                .ticketLifetimeSeconds(NOTE_SECONDS)
                .alliance(Alliance.twoSites(lostAfter))
                .faults(faults)
                .build();
    }

    private Plan makeLoose(long seed) {
        List<Fault> faults = new ArrayList<>();
        for (int from = 3_000; from < safetyMillis - 4_000; from += 5_000) {
            int at = dice.between(from, from + 1_500);
            int gateway = dice.below(2);
            faults.add(
                    new Fault.LooseTakeover(
                            at, dice.between(500, 3_000), gateway, dice.permille(250)));
            faults.add(new Fault.StolenRecords(dice.between(from, from + 4_000), 0, gateway));
        }
        looseAttacks(faults);
        faults.sort(Comparator.comparingInt(Fault::atMillis));
        boolean byReference = dice.permille(300);
        Lifetimes lifetimes = dice.permille(600) ? Lifetimes.UNLIMITED : Lifetimes.of(seed);
        return begin(seed)
                .gateways(2)
                .byReference(byReference)
                .alliance(Alliance.LOOSE)
                .auxiliary(auxiliary(seed))
                .lifetimes(lifetimes)
                .faults(faults)
                .build();
    }

    private void looseAttacks(List<Fault> faults) {
        for (int i = 0; i < HOT_ATTACKS; i++) {
            int at = dice.between(500, safetyMillis - 1_500);
            faults.add(
                    switch (dice.below(4)) {
                        case 0 -> new Fault.Replay(at, 2_000, dice.between(10, 60));
                        case 1 -> new Fault.Duplication(at, 1_000, dice.between(100, 1000));
                        case 2 -> new Fault.Loss(at, 1_000, dice.between(20, 500));
                        default -> new Fault.Injection(at, 1_000, dice.between(1, 30));
                    });
        }
    }

    /// A member of the cluster finds out by itself that another is lost, or is wrong about it.
    private Plan makeSubstitutes(long seed) {
        List<Fault> faults = new ArrayList<>();
        lateRecords(seed).ifPresent(faults::add);
        for (int from = 3_000; from < safetyMillis - 4_000; from += 5_000) {
            int at = dice.between(from, from + 1_500);
            int lasts = dice.between(1_000, 4_500);
            int gateway = dice.below(3);
            faults.add(
                    dice.permille(600)
                            ? new Fault.GatewayCrash(at, lasts, gateway, Memory.TICKET_KEYS)
                            : new Fault.GridPartition(at, lasts, 1 << gateway));
            faults.add(new Fault.StolenRecords(dice.between(from, from + 4_000), 0, gateway));
        }
        looseAttacks(faults);
        faults.sort(Comparator.comparingInt(Fault::atMillis));
        return begin(seed)
                .gateways(3)
                .byReference(dice.permille(300))
                .alliance(Alliance.substitutes())
                .auxiliary(auxiliary(seed))
                .lifetimes(dice.permille(600) ? Lifetimes.UNLIMITED : Lifetimes.of(seed))
                .faults(faults)
                .build();
    }

    private Plan make(long seed) {
        int lifetime = dice.permille(200) ? dice.between(5, 20) : 600;
        boolean keyExchange = dice.permille(200);
        boolean byReference = dice.permille(350);
        Upkeep upkeep = Upkeep.of(seed);
        List<Integer> kinds = new ArrayList<>();
        int wanted = dice.between(1, 7);
        while (kinds.size() < wanted) {
            kinds.add(dice.below(KINDS));
        }
        List<Fault> faults = new ArrayList<>();
        int count = wandering ? WANDERING_FAULTS : dice.between(2, 14);
        kinds = wandering ? WANDERING : kinds;
        for (int i = 0; i < count; i++) {
            faults.add(fault(dice.pick(kinds)));
        }
        if (!wandering) {
            faults.addAll(upkeep.faults(safetyMillis, gateways, clients));
            faults.addAll(Upkeep.ofAaa(seed, safetyMillis));
        }
        faults.sort(Comparator.comparingInt(Fault::atMillis));
        Plan.Builder plan =
                begin(seed)
                        .ticketLifetimeSeconds(lifetime)
                        .keyExchange(keyExchange)
                        .byReference(byReference)
                        .lifetimes(Lifetimes.of(seed))
                        .faults(faults);
        if (!wandering) {
            plan.alliance(Alliance.cluster(upkeep.sites()))
                    .auxiliary(auxiliary(seed))
                    .movesPerHour(upkeep.movesPerHour());
        }
        return plan.build();
    }

    private Fault fault(int kind) {
        int at = dice.between(200, safetyMillis - 2000);
        int lasts =
                wandering || dice.permille(500)
                        ? dice.between(50, 2500)
                        : dice.between(500, 15_000);
        int gateway = dice.below(gateways);
        int client = dice.below(clients);
        int many = dice.permille(300) ? -1 : client;
        return switch (kind) {
            case 0, 1 -> new Fault.GatewayCrash(at, lasts, gateway, Memory.TICKET_KEYS);
            case 2 -> new Fault.GatewayCrash(at, lasts, gateway, Memory.NOTHING);
            case 3 -> new Fault.SiteCrash(at, lasts);
            case 4 -> new Fault.ClientRestart(at, lasts, client, dice.flip());
            case 5 -> new Fault.ClientReconnect(at, lasts, client);
            case 6 -> new Fault.Partition(at, lasts, gateway, many);
            case 7 ->
                    new Fault.OneWayLoss(
                            at, lasts, dice.permille(400) ? -1 : gateway, many, dice.flip());
            case 8 -> new Fault.Loss(at, lasts, dice.between(20, 500));
            case 9 -> new Fault.Delay(at, lasts, dice.between(20, 1200));
            case 10 -> new Fault.Duplication(at, lasts, dice.between(100, 1000));
            case 11 -> new Fault.Reordering(at, lasts, dice.between(10, 800));
            case 12 -> new Fault.Rebinding(at, 0, client);
            case 13 -> new Fault.WallClock(at, lasts, gateway, dice.between(-120, 120));
            case 14 -> new Fault.Drift(at, lasts, gateway, dice.between(-50_000, 50_000));
            case 15 ->
                    new Fault.SlowLeases(
                            at, lasts, gateway, dice.permille(250) ? -1 : dice.between(1, 2000));
            case 16 -> new Fault.KeyRotation(at, lasts, dice.between(0, 3000));
            case 17 -> new Fault.OlderVersion(at, lasts, gateway);
            case 18 -> new Fault.Replay(at, lasts, dice.between(1, 60));
            case 19 -> new Fault.Injection(at, lasts, dice.between(1, 60));
            case 20 ->
                    dice.flip()
                            ? new Fault.Tampering(at, lasts, dice.between(20, 300))
                            : new Fault.AnswersDropped(at, lasts, dice.between(200, 1000));
            case 21 ->
                    new Fault.SlowStore(
                            at,
                            lasts,
                            dice.permille(300) ? Fault.NEVER : dice.between(1, 1500),
                            dice.permille(250));
            case 22 -> new Fault.PoolsExhausted(at, lasts);
            case 23 -> new Fault.Roaming(at, 0, client);
            case 24 -> new Fault.Parking(at, lasts, client);
            case 25 -> new Fault.Revoking(at, 0, client);
            default ->
                    dice.flip()
                            ? new Fault.Flood(at, lasts, dice.between(5, 120))
                            : new Fault.Impostor(at, lasts, gateway);
        };
    }
}
