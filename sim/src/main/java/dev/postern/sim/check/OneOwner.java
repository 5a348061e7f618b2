package dev.postern.sim.check;

import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.World;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What one member of a site at a time may act for is given under an epoch that is above all before
/// it, as long as there is a member on its side that remembers: one that ran in the earlier owner's
/// view, or that has met one of these since.
public final class OneOwner implements Checker {
    private record Given(long epoch, Set<String> witnesses) {}

    private record Thing(String site, String name) {}

    private final Map<Thing, Given> given = new HashMap<>();

    /// The members that run.
    private final Set<String> seated = new HashSet<>();

    @Override
    public String claim() {
        return "each owner has an epoch of its own";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Seated told) {
            seated(told);
        } else if (happening instanceof Happening.Owned owned) {
            Thing thing = new Thing(owned.view().members().getFirst().site(), owned.thing());
            Given before = given.get(thing);
            boolean remembered =
                    before != null
                            && owned.view().nodes().stream().anyMatch(before.witnesses()::contains);
            require(
                    before == null || !remembered || owned.epoch() > before.epoch(),
                    owned.party()
                            + " owns "
                            + owned.thing()
                            + " under epoch "
                            + owned.epoch()
                            + " as somebody did before");
            // One that has just ended may be in the owner's view yet.
            Set<String> witnesses = new HashSet<>(owned.view().nodes());
            witnesses.retainAll(seated);
            given.put(thing, new Given(owned.epoch(), witnesses));
        }
    }

    private void seated(Happening.Seated told) {
        String name = told.party().name();
        if (told.view().members().isEmpty()) {
            seated.remove(name);
        } else {
            seated.add(name);
        }
        for (Given each : given.values()) {
            if (told.view().members().isEmpty()) {
                each.witnesses().remove(name);
            } else if (told.view().nodes().stream().anyMatch(each.witnesses()::contains)) {
                each.witnesses().add(name);
            }
        }
    }
}
