package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Fault;
import dev.postern.sim.Happening;
import dev.postern.sim.Lifetimes;
import dev.postern.sim.SimulatedClient;
import dev.postern.sim.World;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A member that takes over by old records, or by none, costs a client a resume at most: it sets up
/// nothing by a full exchange but its first session.
public final class OldRecordsCostAResume implements Checker {
    private final Set<Life> connected = new HashSet<>();

    @Override
    public String claim() {
        return "old records cost a client a resume at most";
    }

    @Override
    public void see(Happening happening, World world) {
        if (!(happening instanceof Happening.Handled handled)
                || !(handled.party() instanceof SimulatedClient client)
                || !world.plan().lifetimes().equals(Lifetimes.UNLIMITED)
                || !areLate(world.plan().faults())) {
            return;
        }
        for (Effect effect : handled.effects()) {
            if (effect instanceof Effect.Emit(Event.SwitchCompleted completed)
                    && !connected.add(Life.of(client))) {
                require(
                        completed.origin() != Event.Origin.FULL_EXCHANGE,
                        client + " has begun from scratch at " + completed.to());
            }
        }
    }

    private static boolean areLate(List<Fault> faults) {
        return faults.stream().anyMatch(Fault.LateRecords.class::isInstance)
                && faults.stream()
                        .allMatch(fault ->
                                fault instanceof Fault.LateRecords
                                        || SessionsKept.isHarmless(fault));
    }
}
