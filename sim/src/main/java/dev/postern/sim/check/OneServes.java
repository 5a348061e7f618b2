package dev.postern.sim.check;

import dev.postern.ike.Now;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.World;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Of the members behind a shared address one serves: two that agree that they see each other do
/// not both for longer than it takes to see that they do not. That somebody does when all faults
/// are over is what connects the clients then.
public final class OneServes implements Checker {
    /// As long as the members wait until they count one as lost.
    private static final long BOUND_NANOS = 4 * Now.NANOS_PER_SECOND;

    /// Two names, in order.
    private record Pair(String one, String other) {}

    private final Map<String, Long> views = new HashMap<>();
    private final Set<String> serving = new HashSet<>();
    private final Map<Pair, Long> since = new HashMap<>();

    @Override
    public String claim() {
        return "one member serves the shared addresses";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Seated seated) {
            views.put(seated.party().name(), seated.view().number());
        } else if (happening instanceof Happening.Served served) {
            if (served.epoch() == 0) {
                serving.remove(served.party().name());
            } else {
                serving.add(served.party().name());
            }
        }
        judge(world.now());
    }

    private void judge(long now) {
        if (serving.size() < 2) {
            since.clear();
            return;
        }
        for (String one : serving) {
            for (String other : serving) {
                if (one.compareTo(other) < 0) {
                    judge(new Pair(one, other), now);
                }
            }
        }
        since.keySet()
                .removeIf(pair -> !serving.contains(pair.one()) || !serving.contains(pair.other()));
    }

    private void judge(Pair pair, long now) {
        long view = views.getOrDefault(pair.one(), 0L);
        if (view == 0 || view != views.getOrDefault(pair.other(), 0L)) {
            since.remove(pair);
            return;
        }
        Long first = since.putIfAbsent(pair, now);
        require(
                first == null || now - first <= BOUND_NANOS,
                pair.one() + " and " + pair.other() + " both serve in view " + view);
    }
}
