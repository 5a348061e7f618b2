package dev.postern.sim.check;

import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.World;

import java.util.HashMap;
import java.util.Map;

/// Of a hot standby cluster "only one of the members is active at any one time" (RFC 6311 section
/// 2): a member lets in what comes to the shared addresses while it serves them, under the epoch
/// that it serves under, and as a standby nothing.
public final class StandbyIsPassive implements Checker {
    private static final int STANDBY = 0;

    /// The epochs of the members that have said that they serve.
    private final Map<String, Integer> serving = new HashMap<>();

    @Override
    public String claim() {
        return "a standby lets nothing in";
    }

    @Override
    public void see(Happening happening, World world) {
        if (happening instanceof Happening.Served served) {
            serving.put(served.party().name(), served.epoch());
        } else if (happening instanceof Happening.Admitted admitted) {
            int epoch = serving.getOrDefault(admitted.party().name(), STANDBY);
            require(
                    epoch != STANDBY && epoch == admitted.epoch(),
                    admitted.party()
                            + " lets a packet in under epoch "
                            + admitted.epoch()
                            + (epoch == STANDBY ? " as a standby" : " and serves under " + epoch));
        }
    }
}
