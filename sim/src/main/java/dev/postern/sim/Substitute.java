package dev.postern.sim;

import dev.postern.cluster.ClusterEvent;
import dev.postern.cluster.LooseConduct;
import dev.postern.cluster.StandbyRecords.Snapshot;
import dev.postern.ike.Input;
import dev.postern.ike.Succession;

import java.util.List;
import java.util.function.Consumer;

/// One process's part in a loose cluster: the production conduct, which calls the clients of a lost
/// member, driven by what the grid's model shows this one.
final class Substitute implements LooseConduct.Successor {
    private final Simulation simulation;
    private final GridSeat seat;
    private final LooseConduct conduct;
    private boolean ended;

    Substitute(Simulation simulation, GridSeat seat) {
        this.simulation = simulation;
        this.seat = seat;
        this.conduct =
                new LooseConduct(
                        seat,
                        (node, outcome) -> later(() -> conduct().judged(node, outcome)),
                        new SeatRecords(simulation, seat),
                        this,
                        false);
    }

    private LooseConduct conduct() {
        return conduct;
    }

    /// Begins to look at the others.
    void start() {
        conduct.look();
        simulation.agenda().in(LooseConduct.LOOK_NANOS, () -> later(this::start));
    }

    void on(List<ClusterEvent> events) {
        events.forEach(conduct::on);
    }

    /// The process ends.
    void end() {
        ended = true;
    }

    private void later(Runnable task) {
        if (!ended) {
            task.run();
        }
    }

    @Override
    public Consumer<List<Snapshot>> standIn(String node, int epoch) {
        simulation.tell(new Happening.StoodIn(seat.gateway(), node, epoch));
        int lost =
                Domain.gatewayNames(simulation.plan().gateways()).stream().toList().indexOf(node);
        Succession how =
                simulation.notary().succession(lost, seat.index(), seat.gateway().seconds());
        return part -> seat.gateway().give(new Input.Succeed(StandbyShelf.read(part), epoch, how));
    }

    @Override
    public void exhausted(String node, long epoch) {
        throw new IllegalStateException("epoch " + epoch + " in one run");
    }
}
