package dev.postern.sim;

import java.util.ArrayList;
import java.util.List;

/// How the gateways of a run are kept, and what their operators do to them: in some runs they are a
/// cluster, over one site or two, whose members lose sight of each other; in some they are emptied
/// and taken over by hot standbys; in some clients may hardly move; and in some a gateway lets
/// clients in that it can carry nowhere. A stream of chance of its own: the faults of the plan are
/// the same with or without it.
final class Upkeep {
    private static final int CLUSTERED = 450;
    private static final int TENDED = 400;
    private static final int CALM = 150;
    private static final int CUT_OFF = 80;
    private static final int UPGRADED = 200;
    private static final int INSIDE = 150;

    private final Dice dice;
    private final Dice uplinks;
    private final int sites;
    private final int movesPerHour;

    private Upkeep(Dice dice, Dice uplinks) {
        this.dice = dice;
        this.uplinks = uplinks;
        this.sites = dice.permille(CLUSTERED) ? dice.between(1, 2) : 0;
        this.movesPerHour = dice.permille(CALM) ? dice.between(1, 4) : Plan.MANY_MOVES;
    }

    static Upkeep of(long seed) {
        return new Upkeep(Dice.of(seed, "upkeep"), Dice.of(seed, "uplinks"));
    }

    /// 0 where each gateway is on its own.
    int sites() {
        return sites;
    }

    /// Of a client, at most.
    int movesPerHour() {
        return movesPerHour;
    }

    List<Fault> faults(int safetyMillis, int gateways, int clients) {
        List<Fault> faults = new ArrayList<>();
        if (sites > 0) {
            times(4, () -> ofCluster(at(safetyMillis), gateways), faults);
        }
        if (dice.permille(TENDED)) {
            times(4, () -> byOperator(at(safetyMillis), gateways), faults);
        }
        if (uplinks.permille(CUT_OFF)) {
            int at = uplinks.between(200, safetyMillis - 2000);
            int lasts = uplinks.between(5_000, 40_000);
            faults.add(new Fault.UplinkLost(at, lasts, uplinks.below(gateways), uplinks.flip()));
        }
        if (dice.permille(UPGRADED)) {
            times(2, () -> byUpgrade(at(safetyMillis), gateways), faults);
        }
        if (dice.permille(INSIDE)) {
            times(2, () -> new Fault.Callers(at(safetyMillis), lasts()), faults);
            int client = dice.below(clients);
            times(2, () -> new Fault.Spoofing(at(safetyMillis), lasts(), client), faults);
        }
        return faults;
    }

    /// What the AAA server of a seed is subject to, where it is asked at all.
    static List<Fault> ofAaa(long seed, int safetyMillis) {
        Upkeep upkeep = new Upkeep(Dice.of(seed, "AAA"), Dice.of(seed, "uplinks"));
        List<Fault> faults = new ArrayList<>();
        if (Terms.of(seed).proof() == Terms.Proof.EAP) {
            upkeep.times(3, () -> upkeep.ofAaa(safetyMillis), faults);
        }
        return faults;
    }

    private Fault ofAaa(int safetyMillis) {
        return new Fault.SlowAaa(
                dice.permille(300) ? dice.below(200) : at(safetyMillis),
                lasts(),
                dice.permille(300) ? Fault.NEVER : dice.between(1, 1500),
                dice.flip());
    }

    /// What clocks of clients show and how late records of hot standby are, in some of the runs.
    static List<Fault> ofClocksAndRecords(Plan plan) {
        Upkeep upkeep =
                new Upkeep(
                        Dice.of(plan.seed(), "clocks of clients"),
                        Dice.of(plan.seed(), "late records"));
        List<Fault> faults = new ArrayList<>();
        if (upkeep.dice.permille(150)) {
            upkeep.times(2, () -> upkeep.ofClock(plan), faults);
        }
        if (plan.sites() > 0 && upkeep.dice.permille(400)) {
            upkeep.times(2, () -> upkeep.ofRecords(plan.safetyMillis()), faults);
        }
        return faults;
    }

    /// What becomes of the session store, where there is one, and of the domain's version, in some
    /// of the runs.
    static List<Fault> ofStoreAndVersion(Plan plan) {
        Upkeep upkeep =
                new Upkeep(
                        Dice.of(plan.seed(), "store losses"),
                        Dice.of(plan.seed(), "rolling upgrades"));
        List<Fault> faults = new ArrayList<>();
        if (plan.byReference() && upkeep.dice.permille(350)) {
            upkeep.times(2, () -> upkeep.ofStore(plan.safetyMillis()), faults);
        }
        if (upkeep.uplinks.permille(80)) {
            int at = upkeep.uplinks.between(200, plan.safetyMillis() - 2000);
            int lasts = upkeep.uplinks.between(500, plan.safetyMillis() - at);
            faults.add(new Fault.RollingUpgrade(at, lasts, upkeep.uplinks.flip()));
        }
        return faults;
    }

    private Fault ofStore(int safetyMillis) {
        int at = at(safetyMillis);
        return switch (dice.below(3)) {
            case 0 ->
                    new Fault.StoreLoss(at, 0, dice.permille(400) ? 1000 : dice.between(100, 900));
            case 1 -> new Fault.StoreSetBack(at, lasts());
            default -> new Fault.StoreMixUp(at, lasts());
        };
    }

    private Fault ofClock(Plan plan) {
        return new Fault.ClientClock(
                at(plan.safetyMillis()),
                lasts(),
                dice.below(plan.clients()),
                dice.between(-120, 120),
                dice.between(-50_000, 50_000));
    }

    private Fault ofRecords(int safetyMillis) {
        return new Fault.LateRecords(at(safetyMillis), lasts(), dice.between(20, 4_000));
    }

    private interface Making {
        Fault make();
    }

    private void times(int most, Making making, List<Fault> faults) {
        int count = dice.between(1, most);
        for (int i = 0; i < count; i++) {
            faults.add(making.make());
        }
    }

    private int at(int safetyMillis) {
        return dice.between(200, safetyMillis - 2000);
    }

    private int lasts() {
        return dice.flip() ? dice.between(50, 2500) : dice.between(500, 15_000);
    }

    private Fault ofCluster(int at, int gateways) {
        int lasts = lasts();
        // Each side has somebody on it.
        int side = dice.between(1, (1 << gateways) - 2);
        return dice.permille(700)
                ? new Fault.GridPartition(at, lasts, side)
                : new Fault.SlowGrid(at, lasts, dice.between(20, 2000));
    }

    /// How a domain is upgraded in some runs: one gateway or two before the others.
    private Fault byUpgrade(int at, int gateways) {
        return new Fault.NewerVersion(at, lasts(), dice.below(gateways), dice.flip());
    }

    private Fault byOperator(int at, int gateways) {
        int gateway = dice.below(gateways);
        return switch (dice.below(4)) {
            case 0, 1 -> new Fault.HotTakeover(at, dice.between(5, 800), gateway, dice.flip());
            case 2 -> new Fault.Drain(at, lasts(), gateway);
            default -> new Fault.Stranger(at, lasts(), gateway);
        };
    }
}
