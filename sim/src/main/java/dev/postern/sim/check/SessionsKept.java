package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.sim.Checker;
import dev.postern.sim.Fault;
import dev.postern.sim.Happening;
import dev.postern.sim.Lifetimes;
import dev.postern.sim.Party;
import dev.postern.sim.World;

import java.util.List;

/// A hot takeover costs no client its session: where nothing worse happens in a run, each sets up
/// one IKE SA and keeps it, whoever serves it (RFC 6311 section 1).
public final class SessionsKept implements Checker {
    @Override
    public String claim() {
        return "no session is lost by a hot takeover";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT
                && world.plan().lifetimes().equals(Lifetimes.UNLIMITED)
                && isHot(world.plan().faults())) {
            for (Effect effect : handled.effects()) {
                require(
                        !(effect instanceof Effect.Emit(Event.IkeSaClosed _)),
                        handled.party() + " has lost its IKE SA");
            }
        }
    }

    /// A run without a fault is none of these: a scenario tells its own.
    private static boolean isHot(List<Fault> faults) {
        return !faults.isEmpty() && faults.stream().allMatch(SessionsKept::isHarmless);
    }

    private static boolean isHarmless(Fault fault) {
        return fault instanceof Fault.HotTakeover
                || fault instanceof Fault.Replay
                || fault instanceof Fault.Injection
                || fault instanceof Fault.Duplication;
    }
}
