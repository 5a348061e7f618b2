package dev.postern.sim;

import dev.postern.cluster.View;
import dev.postern.ike.Now;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// How the members of a cluster find out which processes have ended: they look after nodes that are
/// not in their view, for as long as anything may come of it.
final class Lookout {
    private static final long INTERVAL_NANOS = 500 * Now.NANOS_PER_MILLI;

    /// So often a member looks again after a view.
    private static final int ROUNDS = 6;

    private final Simulation simulation;
    private final GridModel grid;

    /// Nodes whose machines refuse connections to them.
    private final Set<Integer> refusing = new TreeSet<>();

    Lookout(Simulation simulation, GridModel grid) {
        this.simulation = simulation;
        this.grid = grid;
    }

    void started(GridSeat seat) {
        refusing.remove(seat.index());
    }

    /// Its process has ended, and its machine goes on.
    void refuses(GridSeat seat) {
        refusing.add(seat.index());
    }

    void look(GridSeat seat) {
        for (int node = 0; node < simulation.plan().gateways(); node++) {
            if (!isRefused(seat, node)) {
                seat.doubted(Domain.gatewayName(node));
            }
        }
        for (int node : List.copyOf(refusing)) {
            if (isRefused(seat, node)) {
                seat.ended(Domain.gatewayName(node));
            }
        }
    }

    private boolean isRefused(GridSeat seat, int node) {
        return refusing.contains(node) && grid.reaches(node, seat.index());
    }

    /// A process has its first view: it looks once it has started.
    void joined(GridSeat seat) {
        again(seat, seat.view(), ROUNDS);
    }

    /// A member has another view: it looks at once, then again and again, and says again what
    /// others may wait for.
    void viewed(GridSeat seat) {
        look(seat);
        again(seat, seat.view(), ROUNDS);
    }

    private void again(GridSeat seat, View view, int rounds) {
        simulation
                .agenda()
                .in(
                        INTERVAL_NANOS,
                        () -> {
                            if (grid.isThere(seat) && seat.view().equals(view)) {
                                look(seat);
                                if (seat.repeats() || rounds > 1) {
                                    again(seat, view, rounds - 1);
                                }
                            }
                        });
    }
}
