package dev.postern.sim;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.Ownership.Outcome;
import dev.postern.cluster.SessionTakeover;
import dev.postern.cluster.StandbyConduct;
import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.cluster.StandbyRole;
import dev.postern.cluster.TakenLeases;
import dev.postern.cluster.View;
import dev.postern.ike.Counter;
import dev.postern.ike.IkeEndpoint;
import dev.postern.ike.Input;
import dev.postern.ike.Now;
import dev.postern.ike.standby.StandbyRecord;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// One process's part in the contention for the address that the members of a tight cluster share:
/// the production decision and conduct, driven by what the grid's model shows this member, in front
/// of its gateway's endpoint, which carries on with the IKE SAs of whoever served before.
final class Contender
        implements StandbyConduct.Addresses, StandbyConduct.Endpoint, StandbyConduct.Listener {
    private static final long FAILBACK_NANOS = 5 * Now.NANOS_PER_SECOND;
    private static final long SILENCE_NANOS = 4 * Now.NANOS_PER_SECOND;

    private final Simulation simulation;
    private final GridSeat seat;
    private final StandbyConduct conduct;
    private View view = View.NONE;
    private boolean primary;
    private boolean serves;
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
                                outcome -> later(() -> answered(outcome)),
                                new SeatRecords(simulation, seat),
                                this,
                                this,
                                new TakenLeases(seat.leases(), this::later, _ -> {})),
                        this);
    }

    /// Begins to look at the others.
    void start() {
        look();
        simulation.agenda().in(StandbyConduct.LOOK_NANOS, () -> later(this::start));
    }

    private void look() {
        conduct.look(simulation.now(), view, primary);
    }

    /// What this member hears of the others.
    void on(List<ClusterEvent> events) {
        for (ClusterEvent event : events) {
            if (event instanceof ClusterEvent.ViewChanged changed) {
                view = changed.view();
                primary = changed.primary();
                look();
            }
        }
    }

    private void answered(Outcome outcome) {
        conduct.judged(simulation.now(), outcome);
    }

    /// Nothing happens in a process that has ended.
    private void later(Runnable task) {
        if (!ended) {
            task.run();
        }
    }

    /// Whether it is not a standby, as it has said.
    boolean serves() {
        return serves;
    }

    /// Whether an IKE message for the shared address may come in.
    boolean admits(byte[] message) {
        IkeEndpoint endpoint = seat.gateway().endpoint();
        boolean admitted = endpoint != null && conduct.admits(() -> endpoint.holds(message));
        if (admitted) {
            simulation.tell(new Happening.Admitted(seat.gateway(), conduct.epoch()));
        }
        return admitted;
    }

    /// Inner addresses came with a takeover.
    void taken(Collection<InetAddress> innerAddresses) {
        conduct.taken(innerAddresses);
    }

    /// The process ends without a word.
    void end() {
        ended = true;
        lower();
        if (serves()) {
            tell(0, "its process ends");
        }
    }

    private void tell(int epoch, String why) {
        serves = epoch != 0;
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
    public void raise(int epoch) {
        announce();
    }

    @Override
    public void renew() {}

    @Override
    public void announce() {
        simulation.shared().raisedBy(seat.gateway());
    }

    @Override
    public void lower() {
        simulation.shared().loweredBy(seat.gateway());
    }

    @Override
    public int takeOver(SessionTakeover takeover, List<Snapshot> snapshots) {
        List<StandbyRecord> records = StandbyShelf.read(snapshots);
        seat.gateway().give(new Input.TakeOver(records, takeover.epoch(), takeover.isOutdated()));
        takeover.hasArrived();
        return records.size();
    }

    @Override
    public long judged() {
        return takenOver() + count(Counter.REFUSED_TAKE_OVER);
    }

    @Override
    public long takenOver() {
        return count(Counter.TAKEN_OVER);
    }

    private long count(Counter counter) {
        IkeEndpoint endpoint = seat.gateway().endpoint();
        return endpoint == null ? 0 : endpoint.counters().get(counter);
    }

    @Override
    public void standDown() {
        seat.gateway().give(new Input.StandDown());
    }
}
