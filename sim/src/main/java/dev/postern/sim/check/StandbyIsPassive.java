package dev.postern.sim.check;

import dev.postern.ike.Effect;
import dev.postern.ike.Input;
import dev.postern.sim.Checker;
import dev.postern.sim.Happening;
import dev.postern.sim.Party;
import dev.postern.sim.SimulatedGateway;
import dev.postern.sim.World;

import java.util.HashMap;
import java.util.Map;

/// Of a hot standby cluster "only one of the members is active at any one time" (RFC 6311 section
/// 2): a member lets in what comes to the shared address while it serves there, under the epoch
/// that it serves under, and as a standby nothing. As a standby it sends nothing either, no answer
/// and nothing of its own; and it becomes one without a word, and keeps no SA pair.
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
        if (!world.plan().alliance().contending()) {
            return;
        }
        switch (happening) {
            case Happening.Served served -> serving.put(served.party().name(), served.epoch());
            case Happening.Admitted admitted -> {
                int epoch = epochOf(admitted.party());
                require(
                        epoch != STANDBY && epoch == admitted.epoch(),
                        admitted.party()
                                + " lets a message in under epoch "
                                + admitted.epoch()
                                + (epoch == STANDBY
                                        ? " as a standby"
                                        : " and serves under " + epoch));
            }
            case Happening.Sent sent -> requireServing(sent.party(), "sends something");
            case Happening.InnerDelivered delivered ->
                    requireServing(delivered.party(), "takes a packet out of a tunnel");
            case Happening.Handled handled
                    when handled.input() instanceof Input.StandDown
                            && handled.party() instanceof SimulatedGateway gateway ->
                    standsDown(gateway, handled);
            default -> {}
        }
    }

    private int epochOf(Party party) {
        return serving.getOrDefault(party.name(), STANDBY);
    }

    private void requireServing(Party party, String what) {
        require(
                party.role() != Party.Role.GATEWAY || epochOf(party) != STANDBY,
                party + " " + what + " as a standby");
    }

    /// The effects of this step are carried out after this.
    private void standsDown(SimulatedGateway gateway, Happening.Handled handled) {
        require(
                handled.effects().stream().noneMatch(Effect.Send.class::isInstance),
                gateway + " says something as it stands down");
        long removed =
                handled.effects().stream().filter(Effect.RemoveChildSa.class::isInstance).count();
        require(
                removed == gateway.associations(),
                gateway
                        + " stands down and keeps "
                        + (gateway.associations() - removed)
                        + " of its SA pairs");
    }
}
