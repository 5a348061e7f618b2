package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Event;
import dev.postern.ike.Now;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.World;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// No ping-pong beyond the bound: a client completes only so many switches in ten seconds, begins
/// only so many, and hardly any once faults are over.
public final class NoPingPong implements Checker {
    private static final long WINDOW_NANOS = 10 * Now.NANOS_PER_SECOND;
    private static final int MOST_COMPLETED = 10;

    /// Ten rounds through four gateways, each asked for a resume and a full exchange.
    private static final int MOST_STARTED = 80;

    private static final int MOST_AFTER_HEALING = 4;

    private final Map<String, Deque<Long>> completed = new HashMap<>();
    private final Map<String, Deque<Long>> started = new HashMap<>();
    private final Map<String, Integer> afterHealing = new HashMap<>();
    private boolean healed;

    @Override
    public String claim() {
        return "no ping-pong beyond the bound";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Healed) {
            healed = true;
        } else if (happening instanceof Happening.Handled handled
                && handled.party().role() == Party.Role.CLIENT) {
            for (Effect effect : handled.effects()) {
                if (effect instanceof Effect.Emit(Event event)) {
                    follow(handled.party().name(), event, world.now());
                }
            }
        }
    }

    private void follow(String client, Event event, long now) {
        if (event instanceof Event.SwitchCompleted) {
            count(completed, client, now, MOST_COMPLETED, " switches");
            if (healed) {
                int times = afterHealing.merge(client, 1, Integer::sum);
                require(
                        times <= MOST_AFTER_HEALING,
                        client + " switches " + times + " times although nothing is wrong");
            }
        } else if (event instanceof Event.SwitchStarted) {
            count(started, client, now, MOST_STARTED, " attempts");
        }
    }

    private void count(
            Map<String, Deque<Long>> all, String client, long now, int most, String what) {
        Deque<Long> times = all.computeIfAbsent(client, _ -> new ArrayDeque<>());
        times.add(now);
        while (times.getFirst() < now - WINDOW_NANOS) {
            times.removeFirst();
        }
        require(
                times.size() <= most,
                client + " makes " + times.size() + what + " in 10 s, at most " + most);
    }
}
