package dev.postern.sim;

import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.Now;
import dev.postern.ike.standby.StandbyFormat;
import dev.postern.ike.standby.StandbyRecord;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What the cluster keeps of one gateway's IKE SAs, written behind as `GridStandby` does it: what
/// has changed waits in the writer's memory, the newest of each record, until the batch before is
/// everywhere. A batch takes a while; across a split it waits for the view to change and may have
/// reached some members; of the one that was on its way at a crash any part arrives, and what
/// waited is lost. A record and its counters are two things, of which either may be the older.
final class StandbyShelf {
    private static final long FLUSH_NANOS = 5 * Now.NANOS_PER_MILLI;
    private static final long RETRY_NANOS = 50 * Now.NANOS_PER_MILLI;

    /// The name of one thing that is kept.
    record Name(String node, boolean counters, Octets key) {}

    /// @param octets null where it was removed
    /// @param stamp rises with each writing; what is older never overwrites
    record Kept(@Nullable SecretBytes octets, long stamp) {}

    private final Simulation simulation;
    private final SimulatedGateway gateway;
    private final Dice dice;
    private final Map<Name, Kept> pending = new LinkedHashMap<>();
    private final Map<Name, Kept> onItsWay = new LinkedHashMap<>();

    /// Where there is no cluster, somebody who is always there.
    private final Map<Name, Kept> alone = new LinkedHashMap<>();

    private boolean writing;
    private long stamps;

    /// What is no younger is of a life that nobody carries on with any more.
    private long cleared;

    StandbyShelf(Simulation simulation, SimulatedGateway gateway) {
        this.simulation = simulation;
        this.gateway = gateway;
        this.dice = Dice.of(simulation.plan().seed(), gateway.name() + " records");
    }

    /// @param lives whether whoever tells it lives yet
    void follow(Effect.OfStandby told, BooleanSupplier lives) {
        switch (told) {
            case Effect.KeepRecord(StandbyRecord record) -> {
                put(false, record.key(), StandbyFormat.encode(record));
                record.close();
            }
            case Effect.KeepCounters keep ->
                    put(
                            true,
                            keep.counters().key(),
                            SecretBytes.owning(StandbyFormat.encode(keep.counters()).array()));
            case Effect.ForgetRecord forget -> {
                put(false, forget.key(), null);
                put(true, forget.key(), null);
            }
        }
        if (!writing) {
            writing = true;
            simulation.agenda().in(FLUSH_NANOS, () -> write(lives));
        }
    }

    private void put(boolean counters, Octets key, @Nullable SecretBytes octets) {
        pending.put(new Name(gateway.name(), counters, key), new Kept(octets, ++stamps));
    }

    private void write(BooleanSupplier lives) {
        if (!lives.getAsBoolean()) {
            return;
        }
        onItsWay.putAll(pending);
        pending.clear();
        simulation.agenda().in(simulation.grid().recordDelay(dice), () -> arrive(lives));
    }

    private void arrive(BooleanSupplier lives) {
        if (!lives.getAsBoolean()) {
            return;
        }
        GridSeat seat = gateway.seat();
        Map<Name, Kept> batch = new LinkedHashMap<>(onItsWay);
        onItsWay.clear();
        if (seat == null || simulation.grid().isEverywhere(seat)) {
            batch.forEach((name, kept) -> store(name, kept, seat));
            writing = !pending.isEmpty();
            if (writing) {
                simulation.agenda().in(FLUSH_NANOS, () -> write(lives));
            }
        } else {
            if (dice.flip()) {
                batch.forEach((name, kept) -> store(name, kept, seat));
            }
            batch.forEach(pending::putIfAbsent);
            simulation.agenda().in(RETRY_NANOS, () -> write(lives));
        }
    }

    private void store(Name name, Kept kept, @Nullable GridSeat seat) {
        if (seat == null) {
            keep(alone, name, kept);
        } else {
            simulation.grid().copiesOf(seat).forEach(copy -> keep(copy.records(), name, kept));
        }
    }

    static void keep(Map<Name, Kept> there, Name name, Kept kept) {
        Kept known = there.get(name);
        if (known == null || known.stamp() < kept.stamp()) {
            there.put(name, kept);
        }
    }

    /// Writes what waits, where it reaches somebody.
    void flush() {
        onItsWay.putAll(pending);
        pending.clear();
        onItsWay.forEach((name, kept) -> store(name, kept, gateway.seat()));
        onItsWay.clear();
    }

    /// The writer's process ends, and what waits with it; what is on its way has arrived or never
    /// will.
    ///
    /// @param seat that it had
    void end(@Nullable GridSeat seat) {
        onItsWay.forEach((name, kept) -> {
            if (dice.flip()) {
                store(name, kept, seat);
            }
        });
        onItsWay.clear();
        pending.clear();
        writing = false;
    }

    /// A process that carries on with nothing removes what there is of its node, where it reaches
    /// it. What it does not reach, behind a split, counts for nothing where it comes up again: the
    /// inner addresses in it may be other clients' by then.
    void clear() {
        cleared = ++stamps;
        pending.clear();
        onItsWay.clear();
        GridSeat seat = gateway.seat();
        if (seat == null) {
            forget(alone);
        } else {
            simulation.grid().copiesOf(seat).forEach(copy -> forget(copy.records()));
        }
    }

    private void forget(Map<Name, Kept> known) {
        known.replaceAll(
                (name, kept) -> name.node().equals(gateway.name()) ? new Kept(null, stamps) : kept);
    }

    /// All that the member who asks has; they stay, as the next member's.
    List<StandbyRecord> records() {
        GridSeat seat = gateway.seat();
        Map<Name, Kept> known = seat == null ? alone : seat.records();
        List<StandbyRecord> all = new ArrayList<>();
        known.forEach((name, kept) -> {
            if (name.node().equals(gateway.name())
                    && !name.counters()
                    && kept.octets() != null
                    && kept.stamp() > cleared) {
                Kept counters = known.get(new Name(name.node(), true, name.key()));
                all.add(read(kept.octets(), counters == null ? null : counters.octets()));
            }
        });
        return all;
    }

    static List<StandbyRecord> read(List<Snapshot> snapshots) {
        List<StandbyRecord> records = new ArrayList<>(snapshots.size());
        for (Snapshot snapshot : snapshots) {
            Octets counters = snapshot.counters();
            records.add(
                    read(
                            SecretBytes.owning(snapshot.record().array()),
                            counters.isEmpty() ? null : SecretBytes.owning(counters.array())));
        }
        return records;
    }

    private static StandbyRecord read(SecretBytes octets, @Nullable SecretBytes counters) {
        try {
            StandbyRecord record = StandbyFormat.decode(octets);
            return counters == null
                    ? record
                    : record.with(StandbyFormat.decodeCounters(Octets.of(counters.expose())));
        } catch (MalformedException e) {
            throw new IllegalStateException("a record that was written cannot be read", e);
        }
    }
}
