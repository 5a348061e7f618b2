package dev.postern.sim;

import dev.postern.cluster.StandbyRecords;
import dev.postern.crypto.SecretBytes;
import dev.postern.sim.StandbyShelf.Kept;
import dev.postern.sim.StandbyShelf.Name;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What one member of a cluster reads of the others' records, and removes when it has carried on
/// with them. Its own are written by its [StandbyShelf], which follows the endpoint. What is
/// removed while others are cut off comes back with them, as it does where sides of the engine's
/// data merge.
final class SeatRecords implements StandbyRecords {
    private final Simulation simulation;
    private final GridSeat seat;
    private final Map<String, Map<Name, Kept>> taken = new HashMap<>();

    SeatRecords(Simulation simulation, GridSeat seat) {
        this.simulation = simulation;
        this.seat = seat;
    }

    @Override
    public void takeAll(String node, Consumer<List<Snapshot>> taker) {
        simulation
                .agenda()
                .soon(() -> {
                    if (seat.gateway().seat() == seat) {
                        hand(node, taker);
                    }
                });
    }

    private void hand(String node, Consumer<List<Snapshot>> taker) {
        Map<Name, Kept> found = new LinkedHashMap<>();
        List<Snapshot> part = new ArrayList<>();
        seat.records()
                .forEach((name, kept) -> {
                    if (name.node().equals(node) && kept.octets() != null) {
                        found.put(name, kept);
                        if (!name.counters()) {
                            Kept counters = seat.records().get(new Name(node, true, name.key()));
                            part.add(
                                    new Snapshot(
                                            name.key(),
                                            octets(kept.octets()),
                                            octets(counters == null ? null : counters.octets())));
                        }
                    }
                });
        taken.put(node, found);
        if (!part.isEmpty()) {
            taker.accept(part);
        }
        taker.accept(List.of());
    }

    private static Octets octets(@Nullable SecretBytes secret) {
        return secret == null ? Octets.EMPTY : Octets.of(secret.expose().clone());
    }

    @Override
    public void dropTaken(String node) {
        Map<Name, Kept> found = taken.remove(node);
        if (found != null) {
            flush();
            simulation.grid().copiesOf(seat).forEach(copy -> found.forEach(copy.records()::remove));
        }
    }

    @Override
    public void clear() {
        seat.gateway().standby().clear();
    }

    @Override
    public void flush() {
        seat.gateway().standby().flush();
    }

    @Override
    public void put(Octets key, Octets octets) {
        throw new IllegalStateException("the shelf follows the endpoint");
    }

    @Override
    public void putCounters(Octets key, Octets counters) {
        throw new IllegalStateException("the shelf follows the endpoint");
    }

    @Override
    public void remove(Octets key) {
        throw new IllegalStateException("the shelf follows the endpoint");
    }

    @Override
    public Backlog backlog() {
        return new Backlog(0, 0);
    }

    @Override
    public int sizeOf(String node) {
        return (int)
                seat.records().keySet().stream()
                        .filter(name -> name.node().equals(node) && !name.counters())
                        .count();
    }
}
