package dev.postern.sim.check;

import dev.postern.cluster.View;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.World;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// A member of a loose cluster stands in for another one only where that is not there, as far as it
/// sees, and where the cluster has said under this very epoch that the other's sessions are its
/// own.
public final class OnlyTheLostHaveSubstitutes implements Checker {
    private record Right(Life life, String thing, long epoch) {}

    private final Map<String, View> views = new HashMap<>();
    private final Set<Right> rights = new HashSet<>();

    @Override
    public String claim() {
        return "only a lost member's clients are called, by its one successor";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Seated seated) {
            views.put(seated.party().name(), seated.view());
        } else if (happening instanceof Happening.Owned owned) {
            rights.add(new Right(Life.of(owned.party()), owned.thing(), owned.epoch()));
        } else if (happening instanceof Happening.StoodIn in) {
            require(
                    !views.getOrDefault(in.party().name(), View.NONE).has(in.node()),
                    in.party() + " stands in for " + in.node() + ", which it sees");
            Right right = new Right(Life.of(in.party()), "sessions of " + in.node(), in.epoch());
            require(
                    rights.remove(right),
                    in.party()
                            + " stands in for "
                            + in.node()
                            + " under epoch "
                            + in.epoch()
                            + ", which is not its own");
        }
    }
}
