package dev.postern.sim.check;

import dev.postern.cluster.View;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.World;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/// Of a cluster that has come apart one side at most goes on with what must happen once: two
/// members of a site whose views have nobody in common are never both on the primary side, once all
/// who have left these views know it.
public final class OneSideGoesOn implements Checker {
    private final Map<String, View> primary = new HashMap<>();

    /// What each member has been told last.
    private final Map<String, View> told = new HashMap<>();

    @Override
    public String claim() {
        return "one side of a split goes on";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Seated seated) {
            String name = seated.party().name();
            told.put(name, seated.view());
            if (seated.primary()) {
                primary.forEach((other, view) ->
                        require(
                                !siteOf(view).equals(siteOf(seated.view()))
                                        || isLeft(view)
                                        || !Collections.disjoint(
                                                view.members(), seated.view().members()),
                                name + " and " + other + " go on apart"));
                primary.put(name, seated.view());
            } else {
                primary.remove(name);
            }
        }
    }

    /// Whether one of its members is in a later view, or has ended: the others are still to be
    /// told, and nothing that they write counts, for it would have to reach that one.
    private boolean isLeft(View view) {
        return view.members().stream()
                .anyMatch(member -> {
                    View last = told.get(member.node());
                    return last != null
                            && (last.number() > view.number() || last.members().isEmpty());
                });
    }

    private static String siteOf(View view) {
        return view.members().getFirst().site();
    }
}
