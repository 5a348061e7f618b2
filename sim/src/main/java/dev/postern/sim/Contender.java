package dev.postern.sim;

import dev.postern.cluster.LeasePermits;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.SessionTakeover;
import dev.postern.cluster.StandbyConduct;
import dev.postern.cluster.StandbyRecords;
import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.cluster.StandbyRole;
import dev.postern.cluster.TakenLeases;
import dev.postern.ike.Now;
import dev.postern.wire.Octets;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One process's part in the contention for addresses that the members of a cluster share: the
/// production decision and conduct, driven by what the grid's model shows this member. Packets for
/// the addresses come to every member, as on a network that has yet to learn who has them, and are
/// let in or not; they carry nothing, and nobody leaves records.
final class Contender
        implements StandbyConduct.Addresses,
                StandbyConduct.Endpoint,
                StandbyConduct.Listener,
                StandbyRecords {
    private static final long FAILBACK_NANOS = 5 * Now.NANOS_PER_SECOND;
    private static final long SILENCE_NANOS = 4 * Now.NANOS_PER_SECOND;
    private static final long PACKET_NANOS = 70 * Now.NANOS_PER_MILLI;

    private final Simulation simulation;
    private final GridSeat seat;
    private final StandbyConduct conduct;
    private boolean ended;

    Contender(Simulation simulation, GridSeat seat) {
        this.simulation = simulation;
        this.seat = seat;
        Plan plan = simulation.plan();
        List<String> members = new ArrayList<>(List.of(seat.node()));
        Domain.gatewayNames(plan.gateways()).stream()
                .filter(node -> !node.equals(seat.node()))
                .forEach(members::add);
        String preferred = plan.seed() % 2 == 0 ? Domain.gatewayName(0) : "";
        this.conduct =
                new StandbyConduct(
                        new StandbyRole(
                                new StandbyRole.Settings(
                                        seat.node(), preferred, FAILBACK_NANOS, SILENCE_NANOS)),
                        members,
                        new StandbyConduct.Means(
                                seat,
                                this::answered,
                                this,
                                this,
                                this,
                                new TakenLeases(LeasePermits.ALL, Runnable::run, _ -> {})),
                        this);
    }

    /// Begins to look at the others and to get packets.
    void start() {
        lookAgain();
        hear();
    }

    private void lookAgain() {
        if (!ended) {
            look();
            simulation.agenda().in(StandbyConduct.LOOK_NANOS, this::lookAgain);
        }
    }

    /// A packet has come for the shared addresses; the next one follows.
    private void hear() {
        if (!ended) {
            int epoch = conduct.epoch();
            if (epoch != 0) {
                simulation.tell(new Happening.Admitted(seat.gateway(), epoch));
            }
            simulation.agenda().in(PACKET_NANOS, this::hear);
        }
    }

    void look() {
        conduct.look(simulation.now(), seat.view(), seat.isPrimary());
    }

    private void answered(Outcome outcome) {
        if (!ended) {
            conduct.judged(simulation.now(), outcome);
        }
    }

    /// The process ends without a word.
    void end() {
        ended = true;
        if (conduct.epoch() != 0) {
            tell(0, "its process ends");
        }
    }

    private void tell(int epoch, String why) {
        simulation.tell(new Happening.Served(seat.gateway(), epoch, why));
    }

    @Override
    public void active(int epoch, String after) {
        tell(epoch, after.isEmpty() ? "after nobody" : "after " + after);
    }

    @Override
    public void passive(String reason) {
        tell(0, reason);
    }

    @Override
    public void settled(SessionTakeover takeover, long now) {}

    @Override
    public void troubled(String what, IOException why) {
        throw new IllegalStateException(what, why);
    }

    @Override
    public void exhausted(long epoch) {
        throw new IllegalStateException("epoch " + epoch + " in one run");
    }

    @Override
    public void raise(int epoch) {}

    @Override
    public void renew() {}

    @Override
    public void announce() {}

    @Override
    public void lower() {}

    @Override
    public int takeOver(SessionTakeover takeover, List<Snapshot> records) {
        takeover.hasArrived();
        return records.size();
    }

    @Override
    public long judged() {
        return 0;
    }

    @Override
    public long takenOver() {
        return 0;
    }

    @Override
    public void standDown() {}

    @Override
    public void put(Octets key, Octets octets) {}

    @Override
    public void putCounters(Octets key, Octets counters) {}

    @Override
    public void remove(Octets key) {}

    @Override
    public void takeAll(String node, Consumer<List<Snapshot>> taker) {
        simulation
                .agenda()
                .soon(() -> {
                    if (!ended) {
                        taker.accept(List.of());
                    }
                });
    }

    @Override
    public void dropTaken(String node) {}

    @Override
    public void clear() {}

    @Override
    public void flush() {}

    @Override
    public Backlog backlog() {
        return new Backlog(0, 0);
    }

    @Override
    public int sizeOf(String node) {
        return 0;
    }
}
